"""Scores as they were computed: a revision is written once and never changed."""

from datetime import date, datetime, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.db import models

from shopguard.lib.days import at_hour, shanghai_day
from stores.models import ShopRecord, ShopScopedQuerySet


class ScoreState(models.TextChoices):
    """Whether a shop has a total, or why it has none."""

    SCORED = "scored", "已计分"
    INDUSTRY_NOT_SCORED = "industry_not_scored", "行业不参与评分"
    TOO_FEW_ORDERS = "too_few_orders", "签收订单不足"
    TOO_FEW_DIMENSIONS = "too_few_dimensions", "有效维度不足"


def published_through(now: datetime) -> date:
    """The newest score date that may be shown at ``now`` once its run has finished."""
    today = shanghai_day(now)
    return today if now >= at_hour(today, settings.PUBLISH_HOUR) else today - timedelta(days=1)


class ScoreQuerySet(ShopScopedQuerySet["ScoreRevision"]):
    """Revisions as they may be seen."""

    def finished(self) -> Self:
        """Revisions of finished runs, published or still pending."""
        return self.filter(run__finished_at__isnull=False)

    def published(self, now: datetime) -> Self:
        """Revisions anybody of the shop may see at ``now``.

        A score is published once its run has ended and noon Shanghai of its date has passed; for
        a past date that is at once.
        """
        return self.finished().filter(date__lte=published_through(now))


class ScoreRevision(ShopRecord):
    """One shop's score of one date under one rule set, as one run computed it.

    A run adds a revision only where its result differs from the newest one. ``metrics`` is the
    receipt: per metric value, num, den, n, excl, wnum, wden, present, percentile, score, peers,
    peer_mid, peer_top, estimate, benchmark and modes; ``dimensions`` holds score, weight and
    percentile.
    A database trigger refuses UPDATE, and DELETE outside the erasing of a shop.
    """

    class Cause(models.TextChoices):
        """Why a revision was written."""

        FIRST = "first", "首次计算"
        RULES_CHANGED = "rules_changed", "规则变更"
        LATE_FACTS = "late_facts", "补录或更正的数据"
        PEERS = "peers", "同行变动"
        BENCHMARK = "benchmark", "行业基准表变动"

    date = models.DateField()
    rule_set = models.CharField(max_length=40)
    rule_hash = models.CharField(max_length=16)
    revision = models.PositiveIntegerField()
    run = models.ForeignKey("stores.Run", on_delete=models.PROTECT, related_name="+")
    cause = models.CharField(max_length=16, choices=Cause.choices)
    created_at = models.DateTimeField(auto_now_add=True)
    # The industry the shop was ranked in, which may have changed since.
    industry = models.CharField(max_length=64)
    state = models.CharField(max_length=20, choices=ScoreState.choices)
    total = models.FloatField(null=True, blank=True)
    stars = models.FloatField(null=True, blank=True)
    estimate = models.BooleanField()
    percentile = models.FloatField(null=True, blank=True)
    peers_n = models.PositiveIntegerField()
    signed_orders = models.BigIntegerField()
    dimensions = models.JSONField()
    metrics = models.JSONField()

    objects: ClassVar[models.Manager["ScoreRevision"]] = ScoreQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "date", "rule_set", "revision"], name="scorerevision_identity"
            )
        ]
        indexes = [models.Index(fields=["date", "rule_set"], name="scorerevision_date")]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.date} {self.rule_set} r{self.revision}"
