"""Forms of the penalty log."""

from datetime import datetime
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shopguard.lib.days import SHANGHAI
from stores.calc.cases import EXECUTE, REVOKE
from stores.kinds.violations import MOST_POINTS
from stores.models import Shop, Violation
from stores.selectors.case_page import all_cases, shop_named
from stores.selectors.case_words import KINDS, clause_word
from stores.selectors.penalty_page import clause_codes
from stores.services.cases import Fact

BOX = {"class": "form-control"}
CHOICE = {"class": "form-select"}
MOST_CASES = 200
REASON_CHARS = 1000


def _clauses() -> list[tuple[str, str]]:
    return [(code, clause_word(code)) for code in clause_codes()]


class CaseForm(forms.Form):
    """A violation found here."""

    shop_id = forms.CharField(label=_("店铺编号"), max_length=64, widget=forms.TextInput(BOX))
    clause = forms.ChoiceField(label=_("条款"), choices=_clauses, widget=forms.Select(CHOICE))
    occurred_at = forms.DateTimeField(
        label=_("发生时间（上海）"),
        widget=forms.DateTimeInput({**BOX, "type": "datetime-local"}),
    )
    order_ref = forms.CharField(
        label=_("相关订单"), max_length=96, required=False, widget=forms.TextInput(BOX)
    )
    note = forms.CharField(
        label=_("事实"), max_length=4000, widget=forms.Textarea({**BOX, "rows": 4}),
        help_text=_("写清谁在哪个渠道说了什么，店铺会看到。"),
    )  # fmt: skip
    is_counterfeit = forms.BooleanField(label=_("涉及假货（积分不清零）"), required=False)

    shop: Shop

    def clean_shop_id(self) -> str:
        """The shop exists."""
        found = shop_named(self.cleaned_data["shop_id"].strip())
        if found is None:
            raise forms.ValidationError(_("没有这家店铺，请核对编号。"))
        self.shop = found
        return found.external_id

    def clean_occurred_at(self) -> datetime:
        """By the clock in Shanghai."""
        at: datetime = self.cleaned_data["occurred_at"]
        return at.replace(tzinfo=SHANGHAI)

    def fact(self) -> Fact:
        """What was entered."""
        data = self.cleaned_data
        return Fact(
            clause=data["clause"], occurred_at=data["occurred_at"], note=data["note"],
            order_ref=data["order_ref"], is_counterfeit=data["is_counterfeit"],
        )  # fmt: skip


class WeightForm(forms.Form):
    """Kind, points and reason of an open clause."""

    kind = forms.ChoiceField(
        label=_("性质"),
        choices=[(kind, word) for kind, word in KINDS.items() if kind],
        widget=forms.Select(CHOICE),
    )
    points = forms.IntegerField(
        label=_("分值"), min_value=0, max_value=MOST_POINTS, widget=forms.NumberInput(BOX)
    )
    reason = forms.CharField(label=_("理由"), max_length=REASON_CHARS, widget=forms.TextInput(BOX))


class ViewForm(forms.Form):
    """A name for the selection on screen."""

    name = forms.CharField(max_length=40)
    query = forms.CharField(max_length=500, required=False)


class DecisionForm(forms.Form):
    """One decision on the violations that are ticked."""

    move = forms.ChoiceField(choices=[(EXECUTE, EXECUTE), (REVOKE, REVOKE)])
    reason = forms.CharField(max_length=REASON_CHARS)
    case: Any = forms.ModelMultipleChoiceField(queryset=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cases: Any = self.fields["case"]
        cases.queryset = all_cases()

    def cases(self) -> list[Violation]:
        """The violations ticked."""
        return list(self.cleaned_data["case"][:MOST_CASES])

    def told(self) -> str:
        """What is missing."""
        if "case" in self.errors:
            return str(_("请先勾选要处理的违规。"))
        return str(_("请写下理由，再选择执行或撤销。"))

    def back(self) -> str:
        """The case page it came from, else the log with the same filters."""
        data: Any = self.data
        one = data.get("one", "")
        if one.isascii() and one.isdigit():
            return reverse("desk:penalty", args=[int(one)])
        return f"{reverse('desk:penalties')}?{data.get('query', '')}"
