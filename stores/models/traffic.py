"""How often products were seen."""

from django.db import models

from stores.models.shops import ShopRecord


class Traffic(ShopRecord):
    """流量 of a product on a day. Without a row the conversion of that day is unknown."""

    product_ref = models.CharField(max_length=96)
    day = models.DateField()
    as_of = models.DateTimeField()
    impressions = models.PositiveIntegerField(null=True, blank=True)
    visitors = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "product_ref", "day"], name="traffic_identity")
        ]
        indexes = [models.Index(fields=["shop", "day"], name="traffic_shop_day")]

    def __str__(self) -> str:
        return f"{self.product_ref} {self.day}"
