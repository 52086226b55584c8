"""What a shop did about its returns, and what came of it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from stores.models import ShopRecord


class Fix(ShopRecord):
    """整改: an action of ``aftersales.fix_words`` on some products from a day on.

    ``cause`` says what it is about, as the shop words it. A fix that was withdrawn is measured no
    longer.
    """

    action = models.CharField(max_length=16)
    products = ArrayField(models.CharField(max_length=96))
    started_on = models.DateField()
    cause = models.CharField(max_length=200, default="", blank=True)
    note = models.TextField(default="", blank=True)
    created_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.action} {self.started_on}"


class FixEffect(ShopRecord):
    """A fix measured so many days before and after, as of ``date``.

    Lines sold and those that came back: of the products with the fix and of the others. The change
    is a fraction. It is final when every order counted had its days to come back.
    """

    fix = models.ForeignKey(Fix, on_delete=models.CASCADE, related_name="effects")
    horizon = models.PositiveSmallIntegerField()
    date = models.DateField()
    is_final = models.BooleanField(default=False)
    n_before = models.PositiveIntegerField()
    k_before = models.PositiveIntegerField()
    n_after = models.PositiveIntegerField()
    k_after = models.PositiveIntegerField()
    others_n_before = models.PositiveIntegerField()
    others_k_before = models.PositiveIntegerField()
    others_n_after = models.PositiveIntegerField()
    others_k_after = models.PositiveIntegerField()
    verdict = models.CharField(max_length=12)
    change = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fix", "horizon"], name="fixeffect_identity")
        ]

    def __str__(self) -> str:
        return f"{self.fix_id}/{self.horizon}"


class SampleCheck(ShopRecord):
    """抽检: what somebody found who opened an order of a fix before it left."""

    fix = models.ForeignKey(Fix, on_delete=models.CASCADE, related_name="samples")
    sampled_on = models.DateField()
    order_ref = models.CharField(max_length=96)
    is_good = models.BooleanField()
    note = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["fix", "sampled_on", "order_ref"], name="samplecheck_identity"
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_ref} {self.sampled_on}"


class WinBackOffer(ShopRecord):
    """挽回: what was offered to the buyer of an order that came back; fen where it has a value."""

    order_ref = models.CharField(max_length=96)
    offer = models.CharField(max_length=12)
    worth = models.PositiveBigIntegerField(null=True, blank=True)
    note = models.TextField(default="", blank=True)
    offered_on = models.DateField()
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "order_ref"], name="winbackoffer_identity")
        ]

    def __str__(self) -> str:
        return f"{self.order_ref} {self.offer}"


class ReturnLoyalty(ShopRecord):
    """How many buyers came again within thirty days, as of ``date``: of each group the orders
    followed and those whose buyer bought again; ``mean_fen`` is what such an order paid.

    Groups: those who returned and were offered something, who returned and were not, and a number
    of the newest who did not return.
    """

    date = models.DateField()
    offered_n = models.PositiveIntegerField(default=0)
    offered_k = models.PositiveIntegerField(default=0)
    others_n = models.PositiveIntegerField(default=0)
    others_k = models.PositiveIntegerField(default=0)
    kept_n = models.PositiveIntegerField(default=0)
    kept_k = models.PositiveIntegerField(default=0)
    mean_fen = models.PositiveBigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop"], name="returnloyalty_identity")]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.date}"
