"""What a shop keeps for its work on cases: views, texts, services, guarantee, complaint notes."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from stores.models import ShopRecord


class CaseView(ShopRecord):
    """A saved selection of the workbench, a person's own. ``query`` is its part of the address."""

    user = models.ForeignKey("stores.User", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=500, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "user", "name"], name="caseview_identity")
        ]

    def __str__(self) -> str:
        return self.name


class ReplyTemplate(ShopRecord):
    """A reply as the shop words it; ``key`` names the built-in one it stands for, if any.

    A template taken away is kept hidden, so that the built-in one does not come back.
    """

    key = models.CharField(max_length=40)
    group = models.CharField(max_length=16)
    title = models.CharField(max_length=60)
    text = models.TextField()
    is_hidden = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "key"], name="replytemplate_identity")
        ]

    def __str__(self) -> str:
        return self.title


class ShopChoice(ShopRecord):
    """What a shop has chosen: ``guarantee`` (``exclude_non_working_days``) or ``services``
    (``fast_refund``, ``fast_most`` in fen, ``assistant``). ``value`` holds the choices by name.
    """

    name = models.CharField(max_length=16)
    value = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "name"], name="shopchoice_identity")]

    def __str__(self) -> str:
        return self.name


class AssistantRule(ShopRecord):
    """A case of one of ``kinds`` up to ``most`` fen is approved, unless the buyer had more than
    ``most_cases`` other cases within 180 days.
    """

    name = models.CharField(max_length=60)
    kinds = ArrayField(models.CharField(max_length=16))
    most = models.PositiveBigIntegerField()
    most_cases = models.PositiveSmallIntegerField(default=0)
    is_on = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class GuaranteeTerm(ShopRecord):
    """The days of a category in this shop, and whether its goods are exempt once unsealed."""

    category = models.CharField(max_length=64)
    days = models.PositiveSmallIntegerField()
    unsealed_exempt = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "category"], name="guaranteeterm_identity")
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.days}"


class ComplaintWork(ShopRecord):
    """What the shop did about a complaint; fen where something was paid."""

    complaint_ref = models.CharField(max_length=96)
    plan_clear = models.BooleanField(default=False)
    contact_right = models.BooleanField(default=False)
    promise_kept = models.BooleanField(default=False)
    alternative_offered = models.BooleanField(default=False)
    withdrawal_agreed_at = models.DateTimeField(null=True, blank=True)
    compensation = models.PositiveBigIntegerField(null=True, blank=True)
    note = models.TextField(default="", blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "complaint_ref"], name="complaintwork_identity")
        ]

    def __str__(self) -> str:
        return self.complaint_ref
