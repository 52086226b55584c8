"""Forms about how a person is told."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stores.models import Channel, Level
from stores.notices._declare import Notice

# What is urgent is always told in the product.
APP_LEVELS = [(Level.ALL.value, _("每次")), (Level.URGENT.value, _("只看紧急"))]
LEVELS = [
    (Level.ALL.value, _("每次都发")), (Level.URGENT.value, _("只发紧急")),
    (Level.OFF.value, _("不发")),
]  # fmt: skip
BOX = {"class": "form-control"}
WAYS: dict[str, Any] = {"app": _("站内"), "email": _("邮件"), "webhook": _("推送")}


class ChoicesForm(forms.Form):
    """A level for every kind on every channel; fields are called ``channel-kind``."""

    def __init__(
        self, *args: Any, notices: list[Notice], chosen: dict[tuple[str, str], str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.notices = notices
        for notice in notices:
            for channel in Channel:
                self.fields[f"{channel}-{notice.name}"] = forms.ChoiceField(
                    label=f"{notice.label} {WAYS[channel]}",
                    choices=APP_LEVELS if channel == Channel.APP else LEVELS,
                    initial=chosen.get((notice.name, channel)) or notice.level(channel),
                    widget=forms.Select({"class": "form-select"}),
                )

    def rows(self) -> list[tuple[Notice, list[forms.BoundField]]]:
        """Each kind with its fields, in the order of the channels."""
        return [
            (notice, [self[f"{channel}-{notice.name}"] for channel in Channel])
            for notice in self.notices
        ]

    def levels(self) -> dict[tuple[str, str], str]:
        """What was chosen, by kind and channel."""
        return {
            (notice.name, channel.value): self.cleaned_data[f"{channel}-{notice.name}"]
            for notice in self.notices
            for channel in Channel
        }


class WebhookForm(forms.Form):
    """Where a program listens."""

    url = forms.CharField(
        label=_("接收地址"),
        max_length=500,
        widget=forms.URLInput({**BOX, "placeholder": "https://"}),
        help_text=_("只能是公网上的加密网址。"),
    )


class EmailForm(forms.Form):
    """An e-mail address that is to be proved."""

    email = forms.CharField(
        label=_("邮箱"),
        max_length=254,
        widget=forms.EmailInput({**BOX, "autocomplete": "email"}),
        help_text=_("先发一封确认邮件，点开里面的链接才生效。"),
    )
