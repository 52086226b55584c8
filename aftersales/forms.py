"""Forms about cases."""

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.calc.case_states import EVERY_KIND, STEP_NAMES
from aftersales.calc.guarantee import CONDITIONS
from aftersales.fix_words import ACTION_WORDS, OFFER_WORDS
from aftersales.rules import guarantee_book
from aftersales.services.cases import Given
from aftersales.templates_data import GROUPS
from shopguard.lib.money import fen_from_yuan

NOTE_CHARS = 500
LOCAL_TIME = "%Y-%m-%dT%H:%M"
NOTES = ("reply", "contact", "chase", "note", "condition")
LONGEST_DAYS = max(rules["period.longest"] for rules in guarantee_book().sets)


class YuanField(forms.CharField):
    """An amount in yuan as integer fen; None where nothing is written."""

    def to_python(self, value: object) -> int | None:  # type: ignore[override]
        """The fen. Raises ValidationError for anything that is no amount."""
        text = str(value or "").strip()
        if not text:
            return None
        try:
            fen = fen_from_yuan(text)
        except ValueError:
            fen = -1
        if not 0 <= fen < 2**60:
            raise forms.ValidationError(_("请填不小于 0 的金额，单位元，最多两位小数。"))
        return fen


class StepForm(forms.Form):
    """A step: its name, the version it was decided on, and what comes with it."""

    name = forms.ChoiceField(choices=[(name, name) for name in STEP_NAMES])
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1)
    note = forms.CharField(max_length=NOTE_CHARS, required=False)
    contact_at = forms.DateTimeField(input_formats=[LOCAL_TIME], required=False)
    refunded = YuanField(required=False)
    tracking_no = forms.CharField(max_length=96, required=False)

    @property
    def given(self) -> Given:
        """What comes with the step."""
        data = self.cleaned_data
        return Given(data["note"], data["contact_at"], data["refunded"], data["tracking_no"])


class NoteForm(forms.Form):
    """Something to keep about a case."""

    what = forms.ChoiceField(choices=[(name, name) for name in NOTES])
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1)
    text = forms.CharField(max_length=NOTE_CHARS * 2, required=False)

    def clean(self) -> None:
        """A condition is one of those there are; all but a chase and it need words."""
        data, text = self.cleaned_data, self.cleaned_data.get("text", "")
        what = data.get("what")
        if what == "condition" and text not in CONDITIONS:
            self.add_error("text", _("请选商品的状况。"))
        if what in ("reply", "contact", "note") and not text:
            self.add_error("text", _("请写上内容。"))


class BulkForm(forms.Form):
    """One step for many cases, with one reason."""

    name = forms.ChoiceField(choices=[(name, name) for name in STEP_NAMES])
    note = forms.CharField(max_length=NOTE_CHARS, required=False)
    contact_at = forms.DateTimeField(input_formats=[LOCAL_TIME], required=False)

    @property
    def given(self) -> Given:
        """What comes with each step."""
        return Given(self.cleaned_data["note"], self.cleaned_data["contact_at"])


class ViewForm(forms.Form):
    """A name for the selection on screen."""

    name = forms.CharField(max_length=40)
    query = forms.CharField(max_length=500, required=False)


class ReplyForm(forms.Form):
    """A reply in the words of the shop."""

    key = forms.CharField(max_length=40, required=False)
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1)
    group = forms.ChoiceField(choices=[(group, group) for group in GROUPS])
    title = forms.CharField(max_length=60)
    text = forms.CharField(max_length=1000)


class TermForm(forms.Form):
    """The guarantee days of a category; without days the shop's own term goes."""

    category = forms.CharField(max_length=64)
    days = forms.IntegerField(min_value=0, max_value=LONGEST_DAYS, required=False)
    unsealed_exempt = forms.BooleanField(required=False)


class AnswerForm(forms.Form):
    """The answer given on the platform."""

    text = forms.CharField(max_length=1000)


class WorkForm(forms.Form):
    """What was done about a complaint."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1)
    plan_clear = forms.BooleanField(required=False)
    contact_right = forms.BooleanField(required=False)
    promise_kept = forms.BooleanField(required=False)
    alternative_offered = forms.BooleanField(required=False)
    withdrawal_agreed_at = forms.DateTimeField(input_formats=[LOCAL_TIME], required=False)
    compensation = YuanField(required=False)
    note = forms.CharField(max_length=1000, required=False)


class ReportForm(forms.Form):
    """A delay report."""

    order_ref = forms.CharField(max_length=96)
    cause = forms.CharField(max_length=200)
    evidence = forms.CharField(max_length=2000, required=False)


class TryForm(forms.Form):
    """Another limit of the fast refund, to look at."""

    most = YuanField()


class SwitchForm(forms.Form):
    """What is switched on."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1)
    fast_refund = forms.BooleanField(required=False)
    fast_most = YuanField()
    assistant = forms.BooleanField(required=False)


class AutoRuleForm(forms.Form):
    """A rule of the assistant."""

    name = forms.CharField(max_length=60)
    kinds = forms.MultipleChoiceField(choices=[(kind, kind) for kind in sorted(EVERY_KIND)])
    most = YuanField()
    most_cases = forms.IntegerField(min_value=0, max_value=100)


class FixForm(forms.Form):
    """Something that was done about returns."""

    action = forms.ChoiceField(choices=[(key, key) for key in ACTION_WORDS])
    more = forms.CharField(max_length=2000, required=False)
    started_on = forms.DateField()
    cause = forms.CharField(max_length=200, required=False)
    note = forms.CharField(max_length=NOTE_CHARS, required=False)

    def products(self, ticked: list[str]) -> list[str]:
        """The products ticked and those written, with commas of either width between."""
        written = self.cleaned_data["more"].replace("，", ",").split(",")
        return [ref for ref in (one.strip() for one in (*ticked, *written)) if ref]


class WithdrawForm(forms.Form):
    """The version a fix was looked at."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1)


class SampleForm(forms.Form):
    """What was found in an order."""

    order_ref = forms.CharField(max_length=96)
    result = forms.ChoiceField(choices=[("good", "good"), ("bad", "bad")])
    note = forms.CharField(max_length=NOTE_CHARS, required=False)


class OfferForm(forms.Form):
    """What a buyer was offered."""

    order_ref = forms.CharField(max_length=96)
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1)
    offer = forms.ChoiceField(choices=[(key, key) for key in OFFER_WORDS])
    worth = YuanField(required=False)
    note = forms.CharField(max_length=NOTE_CHARS, required=False)
