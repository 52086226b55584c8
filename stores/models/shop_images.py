"""Pictures an owner shows of the shop."""

from django.db import models

from stores.models.shops import ShopRecord


class ShopImage(ShopRecord):
    """One picture, as it was written anew: it has no name, and lies in no folder."""

    media = models.CharField(max_length=20)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    content = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"picture {self.pk} of {self.shop_id}"
