"""Which orders are covered."""

from django.db import models

from stores.models import ShopRecord


class Cover(ShopRecord):
    """保障: the verdict on a shipped order of a shop that had opened cover, written once.

    ``reason`` is empty where the order is covered; then ``fee`` (fen, None while nothing was
    quoted), ``from_at`` and ``to_at`` are set.
    """

    class Reason(models.TextChoices):
        """Why there is none."""

        NOT_ACTIVE = "not_active", "下单时未生效"
        NO_LOGISTICS = "no_logistics", "无物流发货"
        FRAUD_RISK = "fraud_risk", "骗赔风险"
        NOT_CHOSEN = "not_chosen", "商品不保"

    order_ref = models.CharField(max_length=96)
    enrolment = models.ForeignKey(
        "freightins.Enrolment", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.CharField(max_length=12, choices=Reason.choices, default="", blank=True)
    placed_at = models.DateTimeField()
    from_at = models.DateTimeField(null=True, blank=True)
    to_at = models.DateTimeField(null=True, blank=True)
    fee = models.PositiveIntegerField(null=True, blank=True)
    noted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "order_ref"], name="cover_identity")]
        indexes = [models.Index(fields=["shop", "from_at"], name="cover_shop_from")]

    def __str__(self) -> str:
        return f"{self.order_ref} {self.reason or 'covered'}"
