"""After-sales cases and their events."""

from django.db import models

from stores.models import Fact, ShopRecord


class AfterSaleCase(Fact):
    """售后. Reason texts stay as imported (scrubbed); codes are derived and may be rewritten."""

    class Kind(models.TextChoices):
        """What the buyer asks for."""

        REFUND_UNSHIPPED = "refund_unshipped", "未发货仅退款"
        REFUND_SHIPPED = "refund_shipped", "已发货仅退款"
        RETURN_REFUND = "return_refund", "退货退款"
        EXCHANGE = "exchange", "换货"
        FREIGHT_ONLY = "freight_only", "仅退运费"

    order_ref = models.CharField(max_length=96)
    line_no = models.PositiveIntegerField(null=True, blank=True)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    reason = models.CharField(max_length=200, default="", blank=True)
    reason_code = models.CharField(max_length=40, default="", blank=True)
    latest_reason = models.CharField(max_length=200, default="", blank=True)
    applied_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=12, default="open")
    waiting_buyer_seconds = models.PositiveIntegerField(null=True, blank=True)
    requested = models.BigIntegerField(null=True, blank=True)
    refunded = models.BigIntegerField(null=True, blank=True)
    return_method = models.CharField(max_length=8, default="", blank=True)
    return_weight_grams = models.IntegerField(null=True, blank=True)
    return_tracking_no = models.CharField(max_length=96, default="", blank=True)
    carrier_cost = models.BigIntegerField(null=True, blank=True)
    merchant_received_at = models.DateTimeField(null=True, blank=True)
    deadline_at = models.DateTimeField(null=True, blank=True)

    class Meta(Fact.Meta):
        indexes = [
            models.Index(fields=["shop", "order_ref"], name="case_shop_order"),
            models.Index(fields=["shop", "closed_at"], name="case_shop_closed"),
            models.Index(
                fields=["shop", "deadline_at"],
                name="case_open",
                condition=models.Q(closed_at__isnull=True),
            ),
        ]


class CaseEvent(ShopRecord):
    """A state change of a case: when, who, from what to what."""

    case_ref = models.CharField(max_length=96)
    sequence = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=150, default="", blank=True)
    state_from = models.CharField(max_length=16, default="", blank=True)
    state_to = models.CharField(max_length=16)
    note = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "case_ref", "sequence"], name="caseevent_identity"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_ref}/{self.sequence}"
