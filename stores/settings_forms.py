"""Forms of a shop's settings."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext_lazy as _

from stores.models import Role, Shop
from stores.services.shop_settings import Profile

BOX = {"class": "form-control"}
CHOICE = {"class": "form-select"}
HOURS = [("", "—"), *((str(hour), f"{hour:02d}:00") for hour in range(25))]
REASON_CHARS = 500


class ProfileForm(forms.Form):
    """The shop's data, its hours and which other rules it looks at.

    ``version`` is the one the person saw. ``reason`` is needed of an admin only.
    """

    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label=_("店铺名称"), max_length=200, widget=forms.TextInput(BOX))
    main_category = forms.ChoiceField(
        label=_("主营类目"), required=False, widget=forms.Select(CHOICE),
        help_text=_("运费险按它定价。"),
    )  # fmt: skip
    introduction = forms.CharField(
        label=_("店铺简介"), max_length=500, required=False,
        widget=forms.Textarea({**BOX, "rows": 3}),
    )  # fmt: skip
    contact_phone = forms.CharField(
        label=_("联系电话"), max_length=32, required=False,
        widget=forms.TextInput({**BOX, "inputmode": "tel"}),
    )  # fmt: skip
    return_province = forms.CharField(
        label=_("退货省份"), max_length=32, required=False, widget=forms.TextInput(BOX)
    )
    return_address = forms.CharField(
        label=_("退货地址"), max_length=200, required=False, widget=forms.TextInput(BOX)
    )
    score_rules = forms.ChoiceField(
        label=_("对照规则"), required=False, widget=forms.Select(CHOICE),
        help_text=_("在规则页上与现行规则并排显示；计分不变。"),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("修改理由"), max_length=REASON_CHARS, widget=forms.TextInput(BOX),
        help_text=_("你是以管理员身份改别人的店铺，店主会在审计里看到。"),
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        categories: Sequence[tuple[str, str]],
        rule_sets: Sequence[tuple[str, str]],
        needs_reason: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._offer("main_category", categories)
        self._offer("score_rules", rule_sets)
        if not needs_reason:
            del self.fields["reason"]
        for number, day in WEEKDAYS_ABBR.items():
            for end, word in (("opens", _("开始")), ("closes", _("结束"))):
                self.fields[f"{end}-{number}"] = forms.ChoiceField(
                    label=f"{day} {word}", choices=HOURS, required=False,
                    widget=forms.Select(CHOICE),
                )  # fmt: skip

    def _offer(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        field: Any = self.fields[name]
        field.choices = [("", "—"), *choices]

    @staticmethod
    def initial_of(shop: Shop) -> dict[str, Any]:
        """What stands in the record."""
        names = (
            "name", "main_category", "introduction", "contact_phone", "return_province",
            "return_address", "score_rules",
        )  # fmt: skip
        found: dict[str, Any] = {name: getattr(shop, name) for name in names}
        for number, day in enumerate(shop.open_hours):
            if day:
                found |= {f"opens-{number}": str(day[0]), f"closes-{number}": str(day[1])}
        return found | {"version": shop.settings_version}

    def clean(self) -> None:
        """A day has both ends, the end after the beginning, or none."""
        for number in WEEKDAYS_ABBR:
            opens, closes = self._ends(number)
            is_day = opens and closes and int(opens) < int(closes)
            if (opens or closes) and not is_day:
                self.add_error(f"closes-{number}", _("选好开始和结束，结束要晚于开始。"))

    def _ends(self, number: int) -> tuple[str, str]:
        said = self.cleaned_data
        return said.get(f"opens-{number}", ""), said.get(f"closes-{number}", "")

    def day_rows(self) -> list[tuple[Any, forms.BoundField, forms.BoundField]]:
        """Each day with its two fields."""
        return [
            (day, self[f"opens-{number}"], self[f"closes-{number}"])
            for number, day in WEEKDAYS_ABBR.items()
        ]

    def profile(self) -> Profile:
        """What was filled in."""
        said = self.cleaned_data
        days = [self._ends(number) for number in WEEKDAYS_ABBR]
        hours = [(int(opens), int(closes)) if opens and closes else None for opens, closes in days]
        return Profile(
            name=said["name"].strip(),
            main_category=said["main_category"],
            introduction=said["introduction"].strip(),
            contact_phone=said["contact_phone"].strip(),
            return_address=said["return_address"].strip(),
            return_province=said["return_province"].strip(),
            score_rules=said["score_rules"],
            hours=hours if any(hours) else [],
        )

    def why(self) -> str:
        """Why an admin changes it; empty for an owner."""
        return str(self.cleaned_data.get("reason", ""))


class MemberForm(forms.Form):
    """Somebody who is to work in the shop, by account name."""

    username = forms.CharField(label=_("账号"), max_length=150, widget=forms.TextInput(BOX))
    role = forms.ChoiceField(
        label=_("角色"), initial=Role.OPS,
        choices=[(Role.OPS.value, _("运营")), (Role.OWNER.value, _("店主"))],
        widget=forms.Select(CHOICE),
    )  # fmt: skip
