"""What looks like fraud, with its evidence."""

from django.db import models

from stores.models import ShopRecord


class FraudSignal(ShopRecord):
    """骗赔信号: found by the night, looked at by a person; it decides nothing.

    ``key`` is the tracking number, the buyer's reference or the order it is about; ``orders`` and
    ``figures`` are the evidence. Other evidence makes another ``version``, which nobody has seen.
    """

    class Kind(models.TextChoices):
        """What was seen."""

        SAME_TRACKING = "same_tracking", "同一退货单号"
        MANY_CLAIMS = "many_claims", "同一买家多次理赔"
        NOT_DELIVERED = "not_delivered", "未签收却退回"
        LIGHT = "light", "退回太轻"
        OVER_COST = "over_cost", "赔付多次高于运费"

    kind = models.CharField(max_length=16, choices=Kind.choices)
    key = models.CharField(max_length=96)
    orders = models.JSONField(default=list)
    figures = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    found_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.CharField(max_length=150, default="", blank=True)
    seen_reason = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "kind", "key"], name="fraudsignal_identity")
        ]
        indexes = [
            models.Index(
                fields=["shop"], name="fraudsignal_open", condition=models.Q(seen_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
