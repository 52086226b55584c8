"""What came of cover: orders counted by day and product, quotes scored by what came back, and
what a merchant says of his costs.
"""

from typing import ClassVar

from django.db import models

from stores.models import ShopRecord


class SaleDay(ShopRecord):
    """Orders of a Shanghai day of buying, counted by product and by verdict on cover; replaced
    whenever a night counts again.

    The row without ``product_ref`` is the shop's: there every order counts once, in rows of
    products it counts in each it holds. ``cover`` is ``on`` (covered), ``off`` (the product was
    not chosen) or empty (no verdict, or another reason). Money is fen; fees and payouts of an order
    are split evenly over its products.
    """

    class Cover(models.TextChoices):
        """What the verdict on an order was."""

        ON = "on", "在保"
        OFF = "off", "不保"
        OTHER = "", "其他"

    product_ref = models.CharField(max_length=96, default="", blank=True)
    day = models.DateField()
    cover = models.CharField(max_length=3, choices=Cover.choices, default="", blank=True)
    orders = models.PositiveIntegerField()
    returns = models.PositiveIntegerField()
    promotions = models.PositiveIntegerField()
    promoted_returns = models.PositiveIntegerField()
    items = models.PositiveIntegerField()
    priced = models.PositiveIntegerField()
    fen = models.BigIntegerField()
    silent = models.PositiveIntegerField()
    reviews = models.PositiveIntegerField()
    bad_reviews = models.PositiveIntegerField()
    disputes = models.PositiveIntegerField()
    known_returners = models.PositiveIntegerField()
    came_again = models.PositiveIntegerField()
    claims = models.PositiveIntegerField()
    fees = models.BigIntegerField()
    payouts = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "day", "product_ref", "cover"], name="saleday_identity"
            )
        ]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.day} {self.product_ref} {self.cover}"


class QuoteCheck(ShopRecord):
    """A binding quote of ``date`` scored: the orders bought while it was in effect, how many came
    back, and what was charged and paid for those covered.

    Counted again each night until the cover of those orders has run out.
    """

    date = models.DateField()
    rule_set = models.CharField(max_length=40)
    first_day = models.DateField()
    last_day = models.DateField()
    basis = models.CharField(max_length=8)
    category = models.CharField(max_length=64)
    expected_share = models.FloatField()
    own_share = models.FloatField(null=True, blank=True)
    category_share = models.FloatField()
    window_orders = models.PositiveIntegerField()
    fee = models.PositiveIntegerField()
    orders = models.PositiveIntegerField()
    returns = models.PositiveIntegerField()
    fees = models.BigIntegerField()
    payouts = models.BigIntegerField()
    is_final = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "rule_set", "date"], name="quotecheck_identity")
        ]
        indexes = [models.Index(fields=["rule_set", "date"], name="quotecheck_date")]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.date} {self.rule_set}"


class Costs(ShopRecord):
    """What a merchant says an order leaves and what trouble costs. Rows are only added; the newest
    counts.

    ``margin`` is what is left of a hundred yuan sold before the fee, in tenths of a per cent;
    ``return_cost`` and ``dispute_cost`` are fen per return and per dispute over return freight.
    """

    WHOLE: ClassVar[int] = 1000

    margin = models.PositiveSmallIntegerField()
    return_cost = models.PositiveIntegerField()
    dispute_cost = models.PositiveIntegerField()
    entered_by = models.CharField(max_length=150)
    entered_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["shop", "-entered_at"], name="costs_shop_entered")]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.entered_at:%Y-%m-%d}"
