"""What an industry reaches, from outside: tables that take the place of ranks among local shops."""

from typing import ClassVar

from django.db import models


class BenchmarkRow(models.Model):
    """The values of a metric at five shares of an industry, as a source gave them for a day.

    ``day`` is what files call ``as_of``; the field ``as_of`` is the time of the newest file that
    spoke of the row, as for every imported record. Cut-offs are trillionths of the unit the metric
    is shown in, so that what a file says is kept exactly. ``changed_at`` is taken after the row is
    locked, and scoring locks the table: it tells whether a run can have seen the row.
    """

    tenancy = "global: what an industry reaches is the same for all its shops"

    PLACES: ClassVar[int] = 12
    SCALE: ClassVar[int] = 10**PLACES

    industry = models.CharField(max_length=64)
    metric = models.CharField(max_length=40)
    trade_mode = models.CharField(max_length=8, default="", blank=True)
    day = models.DateField()
    p10 = models.BigIntegerField()
    p30 = models.BigIntegerField()
    p60 = models.BigIntegerField()
    p80 = models.BigIntegerField()
    p95 = models.BigIntegerField()
    source = models.CharField(max_length=200, default="", blank=True)
    as_of = models.DateTimeField()
    changed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["industry", "metric", "trade_mode", "day"], name="benchmarkrow_identity"
            )
        ]

    def __str__(self) -> str:
        return f"{self.industry} {self.metric} {self.trade_mode} {self.day}"
