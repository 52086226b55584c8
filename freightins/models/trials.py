"""Cover tried out on some products."""

from django.db import models

from stores.models import ShopRecord


class Trial(ShopRecord):
    """对照: products on two sides from ``started_on``, for so many weeks.

    ``drawn`` ones were drawn with ``seed`` and switched here; ``looked`` ones look back at a day on
    which products were switched, against those that were not. ``became`` says what the first side
    was switched to.
    """

    class Kind(models.TextChoices):
        """How the two sides came about."""

        DRAWN = "drawn", "随机"
        LOOKED = "looked", "前后对照"

    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    became = models.BooleanField(default=True)
    started_on = models.DateField()
    weeks = models.PositiveSmallIntegerField()
    seed = models.CharField(max_length=32, default="", blank=True)
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=150, default="", blank=True)

    class Meta:
        indexes = [models.Index(fields=["shop", "-started_on"], name="trial_shop_started")]

    def __str__(self) -> str:
        return f"{self.name} {self.started_on}"


class TrialProduct(ShopRecord):
    """A product and the side it is on; ``pair`` numbers the neighbours that were drawn between."""

    class Arm(models.TextChoices):
        """Which side."""

        ON = "on", "开"
        OFF = "off", "关"

    trial = models.ForeignKey(Trial, on_delete=models.CASCADE, related_name="products")
    product_ref = models.CharField(max_length=96)
    arm = models.CharField(max_length=3, choices=Arm.choices)
    pair = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["trial", "product_ref"], name="trialproduct_identity")
        ]

    def __str__(self) -> str:
        return f"{self.product_ref} {self.arm}"
