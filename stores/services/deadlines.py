"""Works the ship deadlines of orders out again when the shipping rules have changed."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from django.db import connection

from shopguard.lib.days import SECONDS_PER_DAY, SHANGHAI_OFFSET_SECONDS, number_day
from shopguard.lib.frames import frame_read
from stores.calc.cells import MISSING, Values, known
from stores.calc.deadlines import ship_deadlines
from stores.models import Shop, Touch
from stores.rules import shipping_book, shipping_hash

COLUMNS = {
    "id": "int",
    "placed_at": "int",
    "paid_at": "int",
    "promised_ship_at": "int",
    "ship_by": "int",
    "is_cod": "int",
    "presale_ship_by": "int",
    "presale_days": "int",
    "presale_mode": "text",
    "trade_mode": "text",
}
INSTANTS = ("placed_at", "paid_at", "promised_ship_at", "ship_by")
ORDERS = f"""
    SELECT id,
           {", ".join(f"coalesce(extract(epoch FROM {n})::bigint, {MISSING})" for n in INSTANTS)},
           is_cod::int, coalesce(presale_ship_by - DATE '1970-01-01', {MISSING}),
           coalesce(presale_days, {MISSING}), presale_mode, trade_mode
    FROM stores_order WHERE shop_id = %s"""
CHANGE = """
    UPDATE stores_order o SET ship_by = to_timestamp(given.at)
    FROM unnest(%s::bigint[], %s::bigint[]) AS given(id, at) WHERE o.id = given.id"""


def deadlines_renew(*, shop_ids: list[int]) -> int:
    """Bring the stored deadlines of the shops in step with the rules; returns orders changed.

    Costs one query unless the rules are others than those a shop's deadlines were worked out
    with. Then the old and the new day of every changed order are touched, and the shop remembers
    the rules. Must run inside the caller's transaction, which holds the lock of the shops.
    """
    current = shipping_hash()
    behind = Shop.objects.filter(pk__in=shop_ids).exclude(derived_with__in=["", current])
    changed = 0
    for shop in list(behind.values_list("pk", flat=True)):
        changed += _renew(shop)
        Shop.objects.filter(pk=shop).update(derived_with=current)
    return changed


def _renew(shop: int) -> int:
    orders = frame_read(ORDERS, [shop], COLUMNS)
    columns = {name: _column(orders[name]) for name in COLUMNS}
    before, after = columns["ship_by"], ship_deadlines(shipping_book(), columns)
    differ = before != after
    with connection.cursor() as cursor:
        instants = [None if at == MISSING else at for at in after[differ].tolist()]
        cursor.execute(CHANGE, [columns["id"][differ].tolist(), instants])
    days = _days(before[differ]) | _days(after[differ])
    Touch.objects.bulk_create([Touch(shop_id=shop, day=day) for day in sorted(days)])
    return int(differ.sum())


def _column(values: "pd.Series[Any]") -> Values:
    """A column as the calculation takes it: int64, or objects for codes."""
    is_number = values.dtype == np.int64
    return values.to_numpy() if is_number else values.astype(object).to_numpy()


def _days(instants: Values) -> set[date]:
    found = instants[known(instants)]
    return {number_day(n) for n in (found + SHANGHAI_OFFSET_SECONDS) // SECONDS_PER_DAY}
