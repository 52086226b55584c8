"""What the assessment of customer service found, and what it stands on beside consultations."""

from datetime import date

from django.db import models

from servicescore.calc.assessment import FAILURES, INDICATORS, PASSED, STATES
from stores.models import Shop, ShopRecord


class JudgedSpan(ShopRecord):
    """Days of a shop that one run judged; they are never judged again.

    A day inside without an :class:`AssessmentDay` had nothing to judge.
    """

    first = models.DateField()
    last = models.DateField()
    rule_set = models.CharField(max_length=40)
    rule_hash = models.CharField(max_length=16)
    run = models.ForeignKey("stores.Run", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "last"], name="judgedspan_identity")]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.first} to {self.last}"


class AssessmentDay(ShopRecord):
    """What was said of one indicator on one day. Written once; ``num`` of ``n`` is its value."""

    day = models.DateField()
    indicator = models.CharField(max_length=16, choices=[(name, name) for name in INDICATORS])
    num = models.PositiveIntegerField()
    n = models.PositiveIntegerField()
    level = models.CharField(max_length=8, default="", blank=True)
    state = models.CharField(max_length=20, choices=[(name, name) for name in STATES])
    window_from = models.DateField()
    window_to = models.DateField()
    run = models.ForeignKey("stores.Run", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "day", "indicator"], name="assessmentday_identity"
            )
        ]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.day} {self.indicator} {self.state}"


class AssessmentPenalty(ShopRecord):
    """A punishment that was found: a fact from then on, once a month for each indicator.

    ``month`` is the first day of the month it belongs to.
    """

    indicator = models.CharField(max_length=16, choices=[(name, name) for name in INDICATORS])
    level = models.CharField(max_length=8, choices=[(name, name) for name in FAILURES])
    found_on = models.DateField()
    month = models.DateField()
    run = models.ForeignKey("stores.Run", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "indicator", "month"], name="assessmentpenalty_identity"
            )
        ]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.indicator} {self.level} {self.found_on}"


class CourseExam(ShopRecord):
    """How an exam of a forced course ended. Only added: the days judged meanwhile stay."""

    class Outcome(models.TextChoices):
        """How it ended."""

        PASSED = PASSED, "通过"
        FAILED = "failed", "未通过"
        MISSED = "missed", "缺考"

    day = models.DateField()
    # Who took it; empty where nobody said.
    agent = models.CharField(max_length=64, default="", blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    recorded_by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.shop_id} {self.day} {self.outcome}"


class ServiceModeSpell(ShopRecord):
    """From which day on who answered the customers. A shop without any has always had its mode.

    ``from_day`` is empty for the mode a shop opened with.
    """

    mode = models.CharField(max_length=8, choices=Shop.ServiceMode.choices)
    from_day = models.DateField(null=True, blank=True)
    set_by = models.CharField(max_length=150)
    set_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.shop_id} {self.mode} from {self.from_day or date.min}"
