"""Forms of the rota."""

from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from servicescore.services.rota import LAST_HOUR, NAME_CHARS, WEEKDAYS
from shopguard.lib.days import SHANGHAI

BOX = {"class": "form-control"}
HOURS = [(hour, f"{hour:02}:00") for hour in range(LAST_HOUR + 1)]
NINE, SIX = 9, 18


class ShiftForm(forms.Form):
    """An agent, the weekdays, and from when until when."""

    agent = forms.CharField(label=_("客服"), max_length=NAME_CHARS, widget=forms.TextInput(BOX))
    weekdays = forms.TypedMultipleChoiceField(
        label=_("星期"), choices=[(day, day) for day in WEEKDAYS], coerce=int
    )
    opens = forms.TypedChoiceField(
        label=_("从"), choices=HOURS[:-1], coerce=int, initial=NINE,
        widget=forms.Select({"class": "form-select"}),
    )  # fmt: skip
    closes = forms.TypedChoiceField(
        label=_("到"), choices=HOURS[1:], coerce=int, initial=SIX,
        widget=forms.Select({"class": "form-select"}),
    )  # fmt: skip

    def told(self) -> str:
        """What is missing."""
        return str(_("请写客服的名字，选好星期和时间。"))


class LiveForm(forms.Form):
    """A planned live session, by the clock in Shanghai."""

    title = forms.CharField(label=_("直播名称"), max_length=NAME_CHARS, widget=forms.TextInput(BOX))
    starts_at = forms.DateTimeField(
        label=_("开始（上海）"), widget=forms.DateTimeInput({**BOX, "type": "datetime-local"})
    )
    ends_at = forms.DateTimeField(
        label=_("结束（上海）"), widget=forms.DateTimeInput({**BOX, "type": "datetime-local"})
    )

    def clean_starts_at(self) -> datetime:
        """By the clock in Shanghai."""
        return self._at("starts_at")

    def clean_ends_at(self) -> datetime:
        """By the clock in Shanghai."""
        return self._at("ends_at")

    def _at(self, name: str) -> datetime:
        at: datetime = self.cleaned_data[name]
        return at.replace(tzinfo=SHANGHAI)

    def told(self) -> str:
        """What is missing."""
        return str(_("请写名称，并选好开始和结束的时间。"))
