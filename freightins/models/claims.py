"""Claims on covered orders."""

from django.db import models

from stores.models import ShopRecord


class Claim(ShopRecord):
    """理赔: one per order, opened for the first return or exchange of a covered one.

    Times and amounts come from the statement; ``is_estimated`` says that they follow from the
    rules instead; ``expected`` is what those pay, whatever was paid. Picked up or from a locker:
    opened, then paid. Sent by the buyer: opened, waiting for receipt, in review, approved, then
    paid or rejected with ``reason``.
    """

    class Method(models.TextChoices):
        """How the goods come back."""

        PICKUP = "pickup", "上门取件"
        LOCKER = "locker", "快递柜"
        SELF = "self", "自行寄回"

    class State(models.TextChoices):
        """Where the claim stands."""

        OPENED = "opened", "已发起"
        WAITING_RECEIPT = "waiting_receipt", "待商家收货"
        IN_REVIEW = "in_review", "审核中"
        APPROVED = "approved", "已通过"
        PAID = "paid", "已赔付"
        REJECTED = "rejected", "已拒赔"

    order_ref = models.CharField(max_length=96)
    case_ref = models.CharField(max_length=96)
    method = models.CharField(max_length=8, choices=Method.choices, default=Method.SELF)
    state = models.CharField(max_length=16, choices=State.choices, default=State.OPENED)
    opened_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True, blank=True)
    review_due_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    amount = models.BigIntegerField(null=True, blank=True)
    expected = models.BigIntegerField(null=True, blank=True)
    is_estimated = models.BooleanField(default=False)
    reason = models.CharField(max_length=200, default="", blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "order_ref"], name="claim_identity")]
        indexes = [
            models.Index(fields=["shop", "paid_at"], name="claim_shop_paid"),
            models.Index(fields=["shop", "case_ref"], name="claim_shop_case"),
        ]

    def __str__(self) -> str:
        return f"{self.order_ref} {self.state}"
