"""After-sales cases and their events."""

from django.db import models

from aftersales.calc.case_states import REVIEW
from stores.models import Fact, ShopRecord


class AfterSaleCase(Fact):
    """售后. Reason texts stay as imported (scrubbed); codes are derived and may be rewritten.

    ``state`` follows from the file and the steps taken here (``aftersales.calc.case_states``);
    ``told_state`` is what either of them said last. ``due_at`` is the deadline to work by: the
    record's own, else one by policy, then ``due_is_estimated``. ``version`` grows with every
    change made here.
    """

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
    told_state = models.CharField(max_length=16, default="", blank=True)
    state = models.CharField(max_length=16, default=REVIEW)
    state_since = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    due_is_estimated = models.BooleanField(default=False)
    is_extended = models.BooleanField(default=False)
    chases = models.PositiveSmallIntegerField(default=0)
    first_reply_at = models.DateTimeField(null=True, blank=True)
    contacted_at = models.DateTimeField(null=True, blank=True)
    condition = models.CharField(max_length=10, default="", blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta(Fact.Meta):
        indexes = [
            models.Index(fields=["shop", "order_ref"], name="case_shop_order"),
            models.Index(fields=["shop", "closed_at"], name="case_shop_closed"),
            models.Index(fields=["shop", "applied_at"], name="case_shop_applied"),
            models.Index(
                fields=["shop", "due_at"], name="case_open", condition=models.Q(outcome="open")
            ),
            # A parcel that came back without its case number is looked up.
            models.Index(
                fields=["shop", "return_tracking_no"],
                name="case_return_parcel",
                condition=~models.Q(return_tracking_no=""),
            ),
        ]


class CaseEvent(ShopRecord):
    """What happened to a case: when, by whom, from what state to what; both the same for a note.

    ``name`` is a step of the machine or a note (``reply``, ``contact``, ``chase``, ``note``,
    ``condition``, ``imported``, ``undo``). ``waiting_seconds`` is the buyer's time up to it,
    ``before`` what a step overwrote, so that it can be taken back.
    """

    case_ref = models.CharField(max_length=96)
    sequence = models.PositiveIntegerField()
    name = models.CharField(max_length=16, default="")
    at = models.DateTimeField()
    actor = models.CharField(max_length=150, default="", blank=True)
    state_from = models.CharField(max_length=16, default="", blank=True)
    state_to = models.CharField(max_length=16)
    note = models.TextField(default="", blank=True)
    waiting_seconds = models.PositiveIntegerField(null=True, blank=True)
    before = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "case_ref", "sequence"], name="caseevent_identity"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_ref}/{self.sequence}"
