"""Forms of applications, deposits and accounts at the desk."""

from datetime import date

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shopguard.lib.money import fen_from_yuan
from stores.calc.onboarding import APPROVE, ASK, REJECT
from stores.selectors.onboarding_words import REASON_WORDS
from stores.services.accounts import MOVES
from stores.services.onboarding import MOST_USES, NOTE_CHARS

BOX = {"class": "form-control"}
CHOICE = {"class": "form-select"}
MOST_YUAN = 10_000_000


class DecisionForm(forms.Form):
    """The word on an application."""

    move = forms.ChoiceField(
        label=_("怎么处理"), widget=forms.Select(CHOICE),
        choices=[
            (APPROVE, pgettext_lazy("decision", "通过")), (ASK, _("要求补充材料")),
            (REJECT, _("驳回")),
        ],
    )  # fmt: skip
    reason = forms.ChoiceField(
        label=_("驳回理由"), required=False, widget=forms.Select(CHOICE),
        choices=[("", "—"), *REASON_WORDS.items()],
    )  # fmt: skip
    note = forms.CharField(
        label=_("给申请人的说明"), max_length=1000, required=False,
        widget=forms.Textarea({**BOX, "rows": 3}), help_text=_("补材料和驳回必须写。"),
    )  # fmt: skip


class DepositForm(forms.Form):
    """Money that came in."""

    amount = forms.DecimalField(
        label=_("到账金额（元）"), min_value=0, max_value=MOST_YUAN, max_digits=10,
        decimal_places=2, widget=forms.NumberInput({**BOX, "step": "0.01"}),
    )  # fmt: skip
    note = forms.CharField(
        label=_("流水号或备注"), max_length=200, required=False, widget=forms.TextInput(BOX)
    )

    @property
    def amount_fen(self) -> int:
        """The amount in fen."""
        return fen_from_yuan(f"{self.cleaned_data['amount']:.2f}")


class InvitationForm(forms.Form):
    """A new invitation code."""

    uses = forms.IntegerField(
        label=_("可用次数"), min_value=1, max_value=MOST_USES, initial=1,
        widget=forms.NumberInput(BOX),
    )  # fmt: skip
    valid_until = forms.DateField(
        label=_("有效到"), widget=forms.DateInput({**BOX, "type": "date"})
    )
    note = forms.CharField(
        label=_("给谁（选填）"), max_length=NOTE_CHARS, required=False, widget=forms.TextInput(BOX)
    )

    def clean_valid_until(self) -> date:
        """Not a day that is over."""
        day: date = self.cleaned_data["valid_until"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("请选今天或以后的日期。"))
        return day


class AccountForm(forms.Form):
    """A new account."""

    username = forms.CharField(label=_("账号"), max_length=150, widget=forms.TextInput(BOX))
    email = forms.EmailField(label=_("邮箱（选填）"), required=False, widget=forms.EmailInput(BOX))


class RightForm(forms.Form):
    """A right of an account, and why it changes."""

    user = forms.IntegerField(widget=forms.HiddenInput)
    move = forms.ChoiceField(choices=[(name, name) for name in MOVES])
    reason = forms.CharField(max_length=200)
