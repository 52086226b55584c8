"""Orders and their lines."""

from django.db import models

from stores.models.shops import Fact, ShopRecord


class Order(Fact):
    """订单. Times are aware UTC, money is fen, ``buyer_ref`` is a keyed hash."""

    class TradeMode(models.TextChoices):
        """How the goods cross a border, if they do."""

        DOMESTIC = "domestic", "内贸"
        BONDED = "bonded", "保税"
        DIRECT = "direct", "直邮"

    placed_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True, blank=True)
    is_cod = models.BooleanField(default=False)
    trade_mode = models.CharField(max_length=8, default=TradeMode.DOMESTIC)
    channel = models.CharField(max_length=8, default="normal")
    presale_mode = models.CharField(max_length=8, default="none")
    presale_ship_by = models.DateField(null=True, blank=True)
    presale_days = models.PositiveSmallIntegerField(null=True, blank=True)
    promised_ship_at = models.DateTimeField(null=True, blank=True)
    shipped_at = models.DateTimeField(null=True, blank=True)
    collected_at = models.DateTimeField(null=True, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    logistics_mode = models.CharField(max_length=8, default="express")
    is_promotion = models.BooleanField(default=False)
    is_fraud_risk = models.BooleanField(default=False)
    province = models.CharField(max_length=32, default="", blank=True)
    order_paid = models.BigIntegerField(null=True, blank=True)
    freight = models.BigIntegerField(null=True, blank=True)
    buyer_ref = models.CharField(max_length=48, default="", blank=True)
    # Derived by the importer from the shipping rules; empty when no deadline can be worked out.
    ship_by = models.DateTimeField(null=True, blank=True)

    class Meta(Fact.Meta):
        indexes = [
            models.Index(fields=["shop", "signed_at"], name="order_shop_signed"),
            models.Index(fields=["shop", "ship_by"], name="order_shop_ship_by"),
            models.Index(fields=["shop", "placed_at"], name="order_shop_placed"),
            models.Index(
                models.F("shop"),
                models.Case(models.When(is_cod=True, then="placed_at"), default="paid_at"),
                name="order_shop_bought",
            ),
            # When a buyer bought again.
            models.Index(
                fields=["shop", "buyer_ref", "placed_at"],
                name="order_shop_buyer",
                condition=~models.Q(buyer_ref=""),
            ),
            models.Index(
                fields=["shop", "ship_by"],
                name="order_to_ship",
                condition=models.Q(shipped_at__isnull=True, cancelled_at__isnull=True),
            ),
        ]


class OrderLine(ShopRecord):
    """One line of an order, identified by shop, order and line number."""

    order_ref = models.CharField(max_length=96)
    line_no = models.PositiveIntegerField()
    as_of = models.DateTimeField()
    product_ref = models.CharField(max_length=96, default="", blank=True)
    sku = models.CharField(max_length=96, default="", blank=True)
    spec = models.CharField(max_length=200, default="", blank=True)
    quantity = models.PositiveIntegerField(null=True, blank=True)
    line_paid = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "order_ref", "line_no"], name="orderline_identity"
            )
        ]
        indexes = [models.Index(fields=["shop", "product_ref"], name="orderline_shop_product")]

    def __str__(self) -> str:
        return f"{self.order_ref}/{self.line_no}"
