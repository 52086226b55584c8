"""Parcels on their way as the carriers of two shops of the demo would tell of them.

Only of orders that have not arrived: who carried what has arrived would be one more cut of the
findings, and the demo has the ones it tells of already.
"""

import csv
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory

from shopguard.demo.cast import SHAKEN, SLIPPING
from shopguard.lib.days import at_hour
from stores.kinds import kind_named
from stores.models import Order, Parcel, Shop
from stores.presets import presets
from stores.services.imports.engine import Job, import_file
from stores.services.imports.source import file_source

HEADER = (
    "shop_id", "tracking_no", "order_id", "courier", "weight_kg", "shipped_at", "status",
    "last_event_at",
)  # fmt: skip
COURIERS = ("中通", "圆通", "顺丰")
# Status and hours since the last event before the day begins, the oldest parcel first.
STATES = (
    ("customs", 98), ("in_transit", 84), ("out_for_delivery", 29), ("in_transit", 61),
    ("in_transit", 12), ("in_transit", 8), ("in_transit", 5), ("in_transit", 3),
)  # fmt: skip
ON_THE_WAY = timedelta(days=12)
GRAMS = (420, 380, 510)
GRAMS_PER_KG = 1000
Row = tuple[str, ...]


def parcels_tell(today: date) -> None:
    """Import what the carriers tell of; done once per shop."""
    morning = at_hour(today, 0)
    for shop in Shop.objects.filter(external_id__in=(SLIPPING, SHAKEN)).order_by("pk"):
        if not Parcel.objects.for_shop(shop).exists():
            _import(shop, list(_rows(shop, morning)))


def _rows(shop: Shop, morning: datetime) -> Iterator[Row]:
    orders = Order.objects.for_shop(shop).filter(
        shipped_at__range=(morning - ON_THE_WAY, morning), signed_at=None, cancelled_at=None
    )
    told = zip(orders.order_by("shipped_at", "external_id"), cycle(STATES), strict=False)
    for place, (order, (status, hours)) in enumerate(told):
        shipped = order.shipped_at or morning
        seen = max(morning - timedelta(hours=hours), shipped)
        yield (
            shop.external_id, f"YT{order.external_id[1:]}", order.external_id,
            COURIERS[place % len(COURIERS)], str(GRAMS[place % len(GRAMS)] / GRAMS_PER_KG),
            shipped.isoformat(), status, seen.isoformat(),
        )  # fmt: skip


def _import(shop: Shop, rows: list[Row]) -> None:
    with TemporaryDirectory(prefix="shopguard-demo-") as folder:
        path = Path(folder) / "parcels.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([HEADER, *rows])
        job = Job(kind_named("parcels"), file_source(path), presets()["canonical"])
        import_file(job)
