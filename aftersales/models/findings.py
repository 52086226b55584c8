"""What the night found in a shop's returns, and the sums its pages read."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from stores.models import ShopRecord


class FindingSet(ShopRecord):
    """The search of one shop and date: what was looked at, and how many candidates were tested.

    ``basis`` is the day that puts an order line into the window; ``rows``, ``returns`` and
    ``quality`` count lines in it. Equal ``inputs`` (a hash over every line and the rules) have
    equal findings.
    """

    date = models.DateField()
    run = models.ForeignKey("stores.Run", on_delete=models.PROTECT, related_name="+")
    rule_set = models.CharField(max_length=40)
    basis = models.CharField(max_length=8, default="signed")
    inputs = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    returns = models.PositiveIntegerField()
    quality = models.PositiveIntegerField()
    tested = models.PositiveIntegerField()
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "date"], name="findingset_identity")]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.date}"


class FindingRow(ShopRecord):
    """One finding; ``cut`` holds [dimension, value] once or, for a pair, twice.

    ``excess_fen`` is an estimate and therefore no whole number; it is unknown where no amount is.
    ``lift`` is unknown where nothing outside came back. ``bars`` shows the cut among its like as
    [value, lines, returns], ``reasons`` the first reasons inside as [reason, returns], ``lines``
    are the keys of the order lines inside that came back.
    """

    found = models.ForeignKey(FindingSet, on_delete=models.CASCADE, related_name="findings")
    rank = models.PositiveIntegerField()
    outcome = models.CharField(max_length=8)
    cut = models.JSONField()
    n_inside = models.PositiveIntegerField()
    k_inside = models.PositiveIntegerField()
    n_outside = models.PositiveIntegerField()
    k_outside = models.PositiveIntegerField()
    lift = models.FloatField(null=True)
    excess = models.FloatField()
    excess_fen = models.FloatField(null=True)
    p = models.FloatField()
    q = models.FloatField()
    bars = models.JSONField(default=list)
    reasons = models.JSONField(default=list)
    lines = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["found", "rank"], name="findingrow_identity")
        ]

    def __str__(self) -> str:
        return f"{self.found_id}/{self.rank}"


class ReturnSumsRow(ShopRecord):
    """Sums of a shop's returns by one date basis, of the window up to ``date``; the newest only.

    What the fields hold says ``aftersales.calc.return_sums``; ``around`` has per day what goes
    with returns and has a day of its own: [consultations, median seconds to the first reply,
    cases closed, seconds of the shop's own time in them, complaints opened].
    """

    basis = models.CharField(max_length=8)
    date = models.DateField()
    days = models.JSONField(default=list)
    cuts = models.JSONField(default=dict)
    reasons = models.JSONField(default=list)
    heat = models.JSONField(default=dict)
    around = models.JSONField(default=list)
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "basis"], name="returnsumsrow_identity")
        ]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.basis} {self.date}"
