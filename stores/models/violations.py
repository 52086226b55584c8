"""Violations found by the platform."""

from django.db import models

from stores.models.shops import Fact


class Violation(Fact):
    """违规. What a clause weighs is rule data (``stores/rules/conduct``), by the day it happened.

    ``kind`` and ``points`` are what a reviewer decided, for clauses the catalogue leaves open.
    """

    class State(models.TextChoices):
        """Where the case stands."""

        PENDING = "pending", "待执行"
        IN_REVIEW = "in_review", "审核中"
        EXECUTED = "executed", "已执行"
        REVOKED = "revoked", "已撤销"

    class Kind(models.TextChoices):
        """Which of the two ladders the points go to."""

        GENERAL = "general", "一般违规"
        SEVERE = "severe", "严重违规"

    clause = models.CharField(max_length=16)
    occurred_at = models.DateTimeField()
    notified_at = models.DateTimeField(null=True, blank=True)
    executed_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.PENDING)
    is_counterfeit = models.BooleanField(default=False)
    kind = models.CharField(max_length=8, choices=Kind.choices, default="", blank=True)
    points = models.PositiveSmallIntegerField(null=True, blank=True)
    # Registered here rather than imported: its deadlines are kept here, and silence executes it.
    kept_here = models.BooleanField(default=False)
    note = models.TextField(default="", blank=True)
    order_ref = models.CharField(max_length=96, default="", blank=True)

    class Meta(Fact.Meta):
        indexes = [
            models.Index(fields=["shop", "executed_at"], name="violation_shop_executed"),
            models.Index(fields=["state"], name="violation_state"),
            models.Index(
                fields=["shop"],
                name="violation_pending",
                condition=models.Q(state="pending"),
            ),
        ]
