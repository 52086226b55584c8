"""What the night foretells of a shop and counts for its pages."""

from django.db import models

from freightins.models.quotes import QuoteRevision
from stores.models import ShopRecord


class FeeOutlook(ShopRecord):
    """下期预计: the fee of the billing day that comes after ``date``, as that night saw it.

    ``low`` and ``high`` (fen) hold it four times in five, ``likely`` is the most likely.
    ``orders``, ``returns`` and ``promotions`` are of the window that will set it, ``waiting``
    those of its orders that have not come back. A night of the same date replaces it.
    """

    date = models.DateField()
    day = models.DateField()
    basis = models.CharField(max_length=8, choices=QuoteRevision.Basis.choices)
    low = models.PositiveIntegerField()
    likely = models.PositiveIntegerField()
    high = models.PositiveIntegerField()
    orders = models.PositiveIntegerField()
    returns = models.PositiveIntegerField()
    promotions = models.PositiveIntegerField()
    waiting = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "date"], name="feeoutlook_identity")]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.date} {self.day}"


class ProductSale(ShopRecord):
    """How often a product was sold in the last 60 days and came back: of orders cover could have
    been on, shipped with logistics and without suspicion of fraud. Every night replaces it.
    """

    product_ref = models.CharField(max_length=96)
    orders = models.PositiveIntegerField()
    returns = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "product_ref"], name="productsale_identity")
        ]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.product_ref}"
