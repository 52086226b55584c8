"""Reads order lines for many shops at once: sold in a window, or come back in it."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from aftersales.calc.lines import NEVER, UNKNOWN, local_days
from aftersales.quality_slot import quality_on
from shopguard.lib.days import day_number, day_start
from shopguard.lib.frames import frame_read

BOUGHT = "CASE WHEN o.is_cod THEN o.placed_at ELSE o.paid_at END"
# Orders signed for or bought in the window.
SOLD = (
    "unnest(%s::bigint[]) AS s(shop) JOIN stores_order o ON o.shop_id = s.shop AND ("
    "(o.signed_at >= %s AND o.signed_at < %s)"
    f" OR ({BOUGHT} >= %s AND {BOUGHT} < %s))"
)
# Orders of which something was applied for in the window.
ASKED = (
    "(SELECT DISTINCT a.shop_id, a.order_ref FROM unnest(%s::bigint[]) AS s(shop)"
    " JOIN aftersales_aftersalecase a ON a.shop_id = s.shop"
    " AND a.applied_at >= %s AND a.applied_at < %s) AS a"
    " JOIN stores_order o ON o.shop_id = a.shop_id AND o.external_id = a.order_ref"
)
LINE_OF_ORDER = "JOIN stores_orderline l ON l.shop_id = o.shop_id AND l.order_ref = o.external_id"


def _seconds(column: str) -> str:
    return f"floor(extract(epoch FROM {column}))::bigint"


LINES = f"""
    SELECT l.id, o.id, o.shop_id, {_seconds("o.placed_at")}, coalesce(l.quantity, {UNKNOWN}),
           coalesce(l.line_paid, {UNKNOWN}), o.is_promotion::int,
           coalesce({_seconds("o.signed_at")}, {UNKNOWN}),
           coalesce({_seconds(BOUGHT)}, {UNKNOWN}), l.product_ref, l.sku, l.spec,
           coalesce(p.category, ''), o.channel, o.province
    FROM {{source}} {LINE_OF_ORDER}
    LEFT JOIN stores_product p ON p.shop_id = l.shop_id AND p.external_id = l.product_ref"""
# A case that names no line is of the order's only line; of which of several nobody knows.
OF_LINE = """(l.line_no = c.line_no OR (c.line_no IS NULL AND NOT EXISTS (
        SELECT FROM stores_orderline other
        WHERE other.shop_id = l.shop_id AND other.order_ref = l.order_ref AND other.id <> l.id)))"""
COUNTS = "c.applied_at < %s AND c.kind <> 'freight_only' AND c.outcome <> 'cancelled'"
CASES = f"""
    SELECT l.id, {_seconds("c.applied_at")}, coalesce(c.refunded, {UNKNOWN}),
           coalesce(c.carrier_cost, 0), (c.kind = 'return_refund' AND c.outcome = 'completed')::int,
           (c.condition = 'used')::int, c.reason,
           CASE WHEN c.latest_reason = '' THEN c.reason ELSE c.latest_reason END
    FROM {{source}}
    JOIN aftersales_aftersalecase c ON c.shop_id = o.shop_id AND c.order_ref = o.external_id
    {LINE_OF_ORDER} AND {OF_LINE}
    WHERE {COUNTS}
    ORDER BY l.id, c.applied_at, c.external_id"""
REPLIES = f"""
    SELECT DISTINCT ON (o.id) o.id, coalesce(c.first_reply_seconds, {NEVER})
    FROM {{source}}
    JOIN stores_consultation c ON c.shop_id = o.shop_id AND c.order_ref = o.external_id
    ORDER BY o.id, c.started_at, c.external_id"""
COURIERS = """
    SELECT DISTINCT ON (o.id) o.id, p.courier
    FROM {source} JOIN stores_parcel p ON p.shop_id = o.shop_id AND p.order_ref = o.external_id
    ORDER BY o.id, p.shipped_at, p.external_id"""
LINE_COLUMNS = (
    "line order shop placed quantity paid promotion signed bought product* sku* spec* category*"
    " channel* province*"
)


def lines_sold(*, shop_ids: Sequence[int], day: date, window_days: int) -> pd.DataFrame:
    """Every order line signed for or bought in the window up to and including ``day``.

    The columns are those of ``aftersales.calc.lines.Lines``, ``latest_quality``, ``shop``, and
    ``signed`` and ``bought`` as days from the first of the window, UNKNOWN outside of it.
    """
    since, until = _window(day, window_days)
    frame = _read(SOLD, [list(shop_ids), since, until, since, until], until, day)
    first = day_number(day) - window_days + 1
    for name in ("signed", "bought"):
        frame[name] = _place(frame[name].to_numpy(np.int64), first, window_days)
    return frame


def lines_returned(*, shop_ids: Sequence[int], day: date, window_days: int) -> pd.DataFrame:
    """Every order line whose earliest case was applied for in the window, with that ``day``."""
    since, until = _window(day, window_days)
    frame = _read(ASKED, [list(shop_ids), since, until], until, day)
    first = day_number(day) - window_days + 1
    frame["day"] = _place(frame["applied"].to_numpy(np.int64), first, window_days)
    return frame[frame["day"] != UNKNOWN]


def lines_signed(frame: pd.DataFrame) -> pd.DataFrame:
    """Those of the lines sold that were signed for in the window, with that ``day``."""
    return _dated(frame, "signed")


def lines_bought(frame: pd.DataFrame) -> pd.DataFrame:
    """Those of the lines sold that were bought in the window, with that ``day``."""
    return _dated(frame, "bought")


def _dated(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    found = frame[frame[name] != UNKNOWN]
    return found.assign(day=found[name])


def _window(day: date, window_days: int) -> tuple[Any, Any]:
    first = day - timedelta(days=window_days - 1)
    return day_start(first), day_start(day + timedelta(days=1))


def _place(instants: Any, first: int, days: int) -> Any:
    """Days from the first of the window; UNKNOWN for what is unknown or outside."""
    place = local_days(instants) - first
    return np.where((instants != UNKNOWN) & (place >= 0) & (place < days), place, UNKNOWN)


def _read(source: str, given: list[Any], until: Any, day: date) -> pd.DataFrame:
    lines = frame_read(LINES.format(source=source), given, _columns(LINE_COLUMNS))
    cases = frame_read(
        CASES.format(source=source),
        [*given, until],
        _columns("line applied refunded carrier back used reason* latest*"),
    )
    replies = frame_read(REPLIES.format(source=source), given, _columns("order reply"))
    couriers = frame_read(COURIERS.format(source=source), given, _columns("order courier*"))
    reply = lines["order"].map(replies.set_index("order")["reply"])
    lines["reply"] = reply.fillna(UNKNOWN).astype(np.int64)
    lines["courier"] = _texts(couriers.set_index("order")["courier"].reindex(lines["order"]))
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
    for_quality = cases[_is_quality(cases["reason"], day)]
    latest = pd.Index(cases.loc[_is_quality(cases["latest"], day), "line"])
    first = cases.drop_duplicates("line").set_index("line")
    first_quality = for_quality.drop_duplicates("line").set_index("line")
    place = first.index.get_indexer(pd.Index(lines["line"]))
    quality_place = first_quality.index.get_indexer(pd.Index(lines["line"]))
    is_quality = quality_place >= 0
    is_lost = (_at(first["back"], place) == 1) & ((_at(first["used"], place) == 1) | is_quality)
    return lines.assign(
        applied=_at(first["applied"], place),
        refunded=_at(first["refunded"], place),
        reason=_texts(first["reason"].reindex(lines["line"])),
        is_quality=is_quality.astype(np.int64),
        carrier=np.maximum(_at(first["carrier"], place), 0),
        lost=np.where(is_lost, lines["paid"].clip(lower=0), 0),
        quality_refunded=_at(first_quality["refunded"], quality_place),
        latest_quality=lines["line"].isin(latest).astype(np.int64),
    )


def _is_quality(reasons: pd.Series, day: date) -> pd.Series:
    """Which reason texts are quality under the rules of the day."""
    is_quality = quality_on(day)
    codes = np.flatnonzero([is_quality(str(text)) for text in reasons.cat.categories])
    return reasons.cat.codes.isin(codes)


def _at(values: pd.Series, place: Any) -> Any:
    """The values at the places, UNKNOWN where the place is -1."""
    padded = np.append(values.to_numpy(np.int64), UNKNOWN)
    return padded[place]
