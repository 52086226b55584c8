"""Counts the orders of pricing windows, for many shops at once."""

from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd

from freightins.calc.fee_rules import FeeRules
from shopguard.lib.days import day_start
from shopguard.lib.frames import frame_read
from stores.models import Shop

COUNTED = ("orders", "returns", "promotions", "home", "remote", "elsewhere")

# The instant an order counts as bought; the index of orders stands on the same words.
BOUGHT = "CASE WHEN o.is_cod THEN o.placed_at ELSE o.paid_at END"
# A case that closed with neither refund nor receipt brought nothing back.
RETURNED = """
    SELECT DISTINCT c.shop_id, c.order_ref FROM aftersales_aftersalecase c
    WHERE c.shop_id = ANY(%s) AND c.kind IN ('return_refund', 'exchange')
      AND c.outcome NOT IN ('cancelled', 'rejected')
      AND NOT (c.outcome = 'closed' AND coalesce(c.refunded, 0) <= 0
               AND c.merchant_received_at IS NULL)"""
WINDOWS = f"""
    SELECT o.shop_id, o.province, count(*), count(r.order_ref),
           count(*) FILTER (WHERE o.is_promotion)
    FROM stores_order o
    LEFT JOIN ({RETURNED}) r ON r.shop_id = o.shop_id AND r.order_ref = o.external_id
    WHERE o.shop_id = ANY(%s) AND {BOUGHT} >= %s AND {BOUGHT} < %s
      AND NOT (o.cancelled_at IS NOT NULL
               AND (o.shipped_at IS NULL OR o.shipped_at > o.cancelled_at))
    GROUP BY o.shop_id, o.province"""


def windows_counted(
    shops: Sequence[Shop], rules: FeeRules, first: date, last: date
) -> pd.DataFrame:
    """One row per shop with :data:`COUNTED`, shops without orders included, indexed by shop."""
    keys = [shop.pk for shop in shops]
    since, until = day_start(first), day_start(last + timedelta(days=1))
    columns = {"shop": "int", "province": "text"}
    columns |= dict.fromkeys(("orders", "returns", "promotions"), "int")
    rows = frame_read(WINDOWS, [keys, keys, since, until], columns)
    homes = {shop.pk: rules.province(shop.return_province) for shop in shops}
    given = rows["province"].astype("object").map(rules.province)
    is_home = (given != "") & (given == rows["shop"].map(homes))
    is_remote = ~is_home & given.isin(rules.remote_provinces)
    rows["home"] = rows["orders"].where(is_home, 0)
    rows["remote"] = rows["orders"].where(is_remote, 0)
    rows["elsewhere"] = rows["orders"].where(~is_home & ~is_remote, 0)
    counted = rows.groupby("shop")[list(COUNTED)].sum()
    return counted.reindex(keys, fill_value=0).astype("int64")
