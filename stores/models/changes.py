"""What changed and what does not count: touches and exclusions."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from stores.models.shops import ShopRecord


class Touch(ShopRecord):
    """A day of a shop whose facts changed. A run consumes exactly the touches it read.

    Rows are never deleted to mark them done: ``consumed_by`` names the run.
    """

    day = models.DateField()
    batch = models.ForeignKey(
        "stores.ImportBatch", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    consumed_by = models.ForeignKey(
        "stores.Run", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["shop", "day"],
                name="touch_open",
                condition=models.Q(consumed_by__isnull=True),
            ),
            models.Index(fields=["shop", "created_at"], name="touch_shop_created"),
        ]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.day}"


class Exclusion(ShopRecord):
    """A record that leaves some metrics, with who granted it and why.

    ``kind`` is the kind of the excluded record (order, review, case, consultation, complaint),
    ``source`` what granted it (``delay_report:<id>``, ``complaint``, ``appeal:<id>``). Revoking
    keeps the row.
    """

    kind = models.CharField(max_length=16)
    external_id = models.CharField(max_length=96)
    metrics = ArrayField(models.CharField(max_length=40))
    source = models.CharField(max_length=120)
    reason = models.CharField(max_length=200)
    granted_by = models.ForeignKey(
        "stores.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    granted_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "kind", "external_id", "source"], name="exclusion_identity"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.external_id}"
