"""What freight cover costs a shop: windows counted, quotes computed, fees entered by hand."""

from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models

from servicescore.models.scores import published_through
from shopguard.lib.days import at_hour
from stores.models import ShopRecord, ShopScopedQuerySet


class PricingWindow(ShopRecord):
    """The orders a quote of ``day`` looks at, counted; replaced whenever a run counts again.

    ``first_day`` and ``last_day`` are the Shanghai days of the window, both included.
    """

    day = models.DateField()
    first_day = models.DateField()
    last_day = models.DateField()
    orders = models.PositiveIntegerField()
    returns = models.PositiveIntegerField()
    promotions = models.PositiveIntegerField()
    home = models.PositiveIntegerField()
    remote = models.PositiveIntegerField()
    elsewhere = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "day", "first_day", "last_day"], name="pricingwindow_identity"
            )
        ]
        indexes = [models.Index(fields=["day"], name="pricingwindow_day")]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.day}"


class QuoteQuerySet(ShopScopedQuerySet["QuoteRevision"]):
    """Quotes as they may be seen."""

    def finished(self) -> Self:
        """Quotes of finished runs, published or still pending."""
        return self.filter(run__finished_at__isnull=False)

    def published(self, now: datetime) -> Self:
        """Quotes in effect at ``now``: they publish with the score of their date."""
        return self.finished().filter(date__lte=published_through(now))

    def newest(self) -> Self:
        """The newest revision of every shop, date and rule set."""
        return self.order_by(
            "shop_id", "-date", "rule_set", "score_rule_set", "-revision"
        ).distinct("shop_id", "date", "rule_set", "score_rule_set")


class QuoteRevision(ShopRecord):
    """One shop's quote of one date under one fee rule set, as one run computed it.

    A run adds a revision only where its result differs from the newest one. Money is fen, also
    with a fraction in ``first_weight`` and ``expected_payout``; rates are fractions. A quote with
    ``valid_from`` binds: its first revision is what is charged, whatever is learned later.
    ``is_backfilled`` marks a quote computed after its day, which knew what came since. A database
    trigger refuses UPDATE, and DELETE outside the erasing of a shop.
    """

    class Basis(models.TextChoices):
        """What the fee stands on."""

        SHOP = "shop", "店铺历史"
        CATEGORY = "category", "主营类目"
        ENTERED = "entered", "手工录入"

    date = models.DateField()
    rule_set = models.CharField(max_length=40)
    rule_hash = models.CharField(max_length=16)
    score_rule_set = models.CharField(max_length=40)
    revision = models.PositiveIntegerField()
    run = models.ForeignKey("stores.Run", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    is_backfilled = models.BooleanField()
    basis = models.CharField(max_length=8, choices=Basis.choices)
    category = models.CharField(max_length=64)
    window_orders = models.PositiveIntegerField()
    window_returns = models.PositiveIntegerField()
    window_promotions = models.PositiveIntegerField()
    return_rate = models.FloatField(null=True, blank=True)
    category_rate = models.FloatField()
    credibility = models.FloatField()
    blended_rate = models.FloatField()
    total = models.FloatField(null=True, blank=True)
    level_factor = models.FloatField()
    severe_points = models.PositiveIntegerField()
    general_points = models.PositiveIntegerField()
    conduct_factor = models.FloatField()
    promotion_factor = models.FloatField()
    risk_rate = models.FloatField()
    pickup_share = models.FloatField()
    first_weight = models.FloatField()
    has_own_claims = models.BooleanField()
    expected_payout = models.FloatField()
    computed_fee = models.PositiveIntegerField()
    fee = models.PositiveIntegerField()
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    objects: ClassVar[models.Manager["QuoteRevision"]] = QuoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "date", "rule_set", "score_rule_set", "revision"],
                name="quoterevision_identity",
            )
        ]
        indexes = [models.Index(fields=["date", "rule_set"], name="quoterevision_date")]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.date} {self.rule_set} r{self.revision}"

    @property
    def is_binding(self) -> bool:
        """Whether the fee of this night is charged."""
        return self.valid_from is not None

    @property
    def published_at(self) -> datetime:
        """When the quote came into effect: noon of its date, as the score."""
        return at_hour(self.date, settings.PUBLISH_HOUR)

    @property
    def reputation_factor(self) -> float:
        """Score and conduct together."""
        return self.level_factor * self.conduct_factor


class EnteredFee(ShopRecord):
    """A fee per order the merchant copied from the platform's own page; without ``fee`` it says
    that from ``seen_on`` the computed one counts again.

    Rows are only added: of those seen by a date, the newest row counts.
    """

    fee = models.PositiveIntegerField(null=True, blank=True)
    seen_on = models.DateField()
    entered_by = models.ForeignKey(
        "stores.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    entered_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["shop", "seen_on"], name="enteredfee_shop_seen")]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.seen_on}"
