"""Reads the order lines findings are looked for in, for many shops at once."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from aftersales.calc.lines import NEVER, UNKNOWN
from aftersales.quality_slot import quality_on
from shopguard.lib.days import day_start
from shopguard.lib.frames import frame_read

SIGNED = (
    "unnest(%s::bigint[]) AS s(shop) JOIN stores_order o"
    " ON o.shop_id = s.shop AND o.signed_at >= %s AND o.signed_at < %s"
)
LINE_OF_ORDER = "JOIN stores_orderline l ON l.shop_id = o.shop_id AND l.order_ref = o.external_id"


def _seconds(column: str) -> str:
    return f"floor(extract(epoch FROM {column}))::bigint"


LINES = f"""
    SELECT l.id, o.id, o.shop_id, {_seconds("o.placed_at")}, coalesce(l.quantity, {UNKNOWN}),
           coalesce(l.line_paid, {UNKNOWN}), o.is_promotion::int, l.product_ref, l.sku, l.spec,
           coalesce(p.category, ''), o.channel, o.province
    FROM {SIGNED} {LINE_OF_ORDER}
    LEFT JOIN stores_product p ON p.shop_id = l.shop_id AND p.external_id = l.product_ref"""
# A case that names no line is of the order's only line; of which of several nobody knows.
CASES = f"""
    SELECT l.id, {_seconds("c.applied_at")}, coalesce(c.refunded, {UNKNOWN}), c.reason
    FROM {SIGNED}
    JOIN aftersales_aftersalecase c ON c.shop_id = o.shop_id AND c.order_ref = o.external_id
    {LINE_OF_ORDER} AND (l.line_no = c.line_no OR (c.line_no IS NULL AND NOT EXISTS (
        SELECT FROM stores_orderline other
        WHERE other.shop_id = l.shop_id AND other.order_ref = l.order_ref AND other.id <> l.id)))
    WHERE c.applied_at < %s AND c.kind <> 'freight_only' AND c.outcome <> 'cancelled'
    ORDER BY l.id, c.applied_at, c.external_id"""
REPLIES = f"""
    SELECT DISTINCT ON (o.id) o.id, coalesce(c.first_reply_seconds, {NEVER})
    FROM {SIGNED}
    JOIN stores_consultation c ON c.shop_id = o.shop_id AND c.order_ref = o.external_id
    ORDER BY o.id, c.started_at, c.external_id"""
COURIERS = f"""
    SELECT DISTINCT ON (o.id) o.id, p.courier
    FROM {SIGNED} JOIN stores_parcel p ON p.shop_id = o.shop_id AND p.order_ref = o.external_id
    ORDER BY o.id, p.shipped_at, p.external_id"""


def finding_lines(*, shop_ids: Sequence[int], day: date, window_days: int) -> pd.DataFrame:
    """Every order line the shops had signed in the window up to and including ``day``.

    The columns are those of ``aftersales.calc.lines.Lines``, and ``shop``.
    """
    until = day_start(day + timedelta(days=1))
    since = day_start(day - timedelta(days=window_days - 1))
    given: list[Any] = [list(shop_ids), since, until]
    lines = frame_read(
        LINES,
        given,
        _columns(
            "line order shop placed quantity paid promotion product* sku* spec* category*"
            " channel* province*"
        ),
    )
    cases = frame_read(CASES, [*given, until], _columns("line applied refunded reason*"))
    replies = frame_read(REPLIES, given, _columns("order reply")).set_index("order")["reply"]
    couriers = frame_read(COURIERS, given, _columns("order courier*")).set_index("order")
    lines["reply"] = lines["order"].map(replies).fillna(UNKNOWN).astype(np.int64)
    lines["courier"] = _texts(couriers["courier"].reindex(lines["order"]))
    return _with_cases(lines, cases, day)


def _columns(names: str) -> dict[str, str]:
    return {name.rstrip("*"): "text" if "*" in name else "int" for name in names.split()}


def _texts(values: pd.Series) -> pd.Series:
    """A text column with an empty text for what is missing, on an index from 0."""
    values = values.reset_index(drop=True)
    if "" not in values.cat.categories:
        values = values.cat.add_categories("")
    return values.fillna("")


def _with_cases(lines: pd.DataFrame, cases: pd.DataFrame, day: date) -> pd.DataFrame:
    """The lines with their earliest case and their earliest case for quality."""
    is_quality = quality_on(day)
    texts = cases["reason"].cat.categories
    quality_codes = np.flatnonzero([is_quality(str(text)) for text in texts])
    for_quality = cases[cases["reason"].cat.codes.isin(quality_codes)]
    first = cases.drop_duplicates("line").set_index("line")
    first_quality = for_quality.drop_duplicates("line").set_index("line")
    place = first.index.get_indexer(pd.Index(lines["line"]))
    quality_place = first_quality.index.get_indexer(pd.Index(lines["line"]))
    return lines.assign(
        applied=_at(first["applied"], place),
        refunded=_at(first["refunded"], place),
        reason=_texts(first["reason"].reindex(lines["line"])),
        is_quality=(quality_place >= 0).astype(np.int64),
        quality_refunded=_at(first_quality["refunded"], quality_place),
    )


def _at(values: pd.Series, place: Any) -> Any:
    """The values at the places, UNKNOWN where the place is -1."""
    padded = np.append(values.to_numpy(np.int64), UNKNOWN)
    return padded[place]
