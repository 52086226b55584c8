"""The sufficient statistics of one shop and day."""

from django.db import models

from servicescore.metrics import daily_columns
from stores.models import ShopRecord


class DailyRow(ShopRecord):
    """What happened to a shop on a day, as integers no score date or weight enters.

    Beside the fields below the table has ``<metric>[_<mode>]_num``, ``_den`` and ``_excl`` for
    every declared metric (seconds, stars or counts). ``events_hash`` names the rules the row was
    counted under; a row of other rules is stale. A day whose facts all went keeps a row of zeros.
    """

    day = models.DateField()
    events_hash = models.CharField(max_length=40)
    signed_orders = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "day"], name="dailyrow_identity"),
        ]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.day}"


for _column in daily_columns():
    DailyRow.add_to_class(_column, models.BigIntegerField(default=0))
