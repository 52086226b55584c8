"""Reads the facts of given days of given shops, and nothing else of a shop."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

import pandas as pd

from servicescore.calc.facts import Facts
from shopguard.lib.days import SECONDS_PER_DAY, SHANGHAI_OFFSET_SECONDS, day_start
from shopguard.lib.frames import frame_read


@dataclass(frozen=True)
class Span:
    """A run of days of one shop, first and last included."""

    shop_id: int
    first: date
    last: date


def spans_of(pairs: Iterable[tuple[int, date]]) -> list[Span]:
    """The fewest spans that cover exactly the given (shop, day) pairs."""
    spans: list[Span] = []
    for shop_id, group in groupby(sorted(set(pairs)), key=lambda pair: pair[0]):
        for _, day in group:
            open_span = spans[-1] if spans and spans[-1].shop_id == shop_id else None
            if open_span and open_span.last + timedelta(days=1) == day:
                spans[-1] = Span(shop_id, open_span.first, day)
            else:
                spans.append(Span(shop_id, day, day))
    return spans


def facts_load(spans: Sequence[Span]) -> Facts:
    """Every fact anchored to a day of the spans, in seven frames and one table of exclusions.

    All times come as whole epoch seconds. Costs one index scan per span and kind of fact.
    """
    parameters = [
        [span.shop_id for span in spans],
        [day_start(span.first) for span in spans],
        [day_start(span.last + timedelta(days=1)) for span in spans],
    ]

    def read(query: str, columns: str) -> pd.DataFrame:
        kinds = {name.rstrip("*"): "text" if "*" in name else "int" for name in columns.split()}
        frame = frame_read(f"WITH {_SPAN} {query}", parameters, kinds)
        frame["day"] = (frame.pop("anchor") + SHANGHAI_OFFSET_SECONDS) // SECONDS_PER_DAY
        return frame

    return Facts(
        signed=read(_SIGNED, "id shop anchor signed paid placed collected cod mode*"),
        due=read(_DUE, "id shop anchor deadline paid cod shipped collected cancelled logistics*"),
        reviews=read(_REVIEWS, "id shop anchor order rating"),
        cases=read(_CASES, "id shop anchor order kind* outcome* reason*"),
        complaints=read(_COMPLAINTS, "id shop anchor order outcome*"),
        closed=read(_CLOSED, "id shop anchor kind* outcome* applied closed waiting"),
        consultations=read(
            _CONSULTATIONS, "id shop anchor started started_by* queue first_reply longest_gap"
        ),
        excluded=_excluded([span.shop_id for span in spans]),
    )


def _excluded(shop_ids: list[int]) -> dict[tuple[str, str], frozenset[int]]:
    shops = sorted(set(shop_ids))
    columns = {"kind": "text", "metric": "text", "id": "int"}
    rows = frame_read(" UNION ALL ".join(_EXCLUDED), [shops] * len(_EXCLUDED), columns)
    return {
        (str(kind), str(metric)): frozenset(group["id"])
        for (kind, metric), group in rows.groupby(["kind", "metric"], observed=True)
    }


def _seconds(column: str) -> str:
    return f"floor(extract(epoch FROM {column}))::bigint"


def _known(column: str) -> str:
    return f"coalesce({_seconds(column)}, -1)"


_SPAN = (
    "span AS (SELECT * FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[])"
    " AS given(shop, since, until))"
)
_SIGNED_IN_SPAN = (
    "span s JOIN stores_order o"
    " ON o.shop_id = s.shop AND o.signed_at >= s.since AND o.signed_at < s.until"
)
_SIGNED = f"""
    SELECT o.id, o.shop_id, {_seconds("o.signed_at")}, {_seconds("o.signed_at")},
           {_known("o.paid_at")}, {_seconds("o.placed_at")}, {_known("o.collected_at")},
           o.is_cod::int, o.trade_mode
    FROM {_SIGNED_IN_SPAN}"""
_DUE = f"""
    SELECT o.id, o.shop_id, {_seconds("o.ship_by")}, {_seconds("o.ship_by")},
           {_known("o.paid_at")}, o.is_cod::int, {_known("o.shipped_at")},
           {_known("o.collected_at")}, {_known("o.cancelled_at")}, o.logistics_mode
    FROM span s JOIN stores_order o
      ON o.shop_id = s.shop AND o.ship_by >= s.since AND o.ship_by < s.until"""
_REVIEWS = f"""
    SELECT r.id, o.shop_id, {_seconds("o.signed_at")}, o.id, r.rating
    FROM {_SIGNED_IN_SPAN}
    JOIN stores_review r ON r.shop_id = o.shop_id AND r.order_ref = o.external_id"""
_CASES = f"""
    SELECT c.id, o.shop_id, {_seconds("o.signed_at")}, o.id, c.kind, c.outcome, c.reason
    FROM {_SIGNED_IN_SPAN}
    JOIN aftersales_aftersalecase c ON c.shop_id = o.shop_id AND c.order_ref = o.external_id"""
_COMPLAINTS = f"""
    SELECT c.id, o.shop_id, {_seconds("o.signed_at")}, o.id, c.outcome
    FROM {_SIGNED_IN_SPAN}
    JOIN stores_complaint c ON c.shop_id = o.shop_id AND c.order_ref = o.external_id"""
_CLOSED = f"""
    SELECT c.id, c.shop_id, {_seconds("c.closed_at")}, c.kind, c.outcome,
           {_seconds("c.applied_at")}, {_seconds("c.closed_at")},
           coalesce(c.waiting_buyer_seconds, -1)
    FROM span s JOIN aftersales_aftersalecase c
      ON c.shop_id = s.shop AND c.closed_at >= s.since AND c.closed_at < s.until"""
_CONSULTATIONS = f"""
    SELECT c.id, c.shop_id, {_seconds("c.started_at")}, {_seconds("c.started_at")}, c.started_by,
           coalesce(c.queue_seconds, -1), coalesce(c.first_reply_seconds, -1),
           coalesce(c.longest_gap_seconds, -1)
    FROM span s JOIN stores_consultation c
      ON c.shop_id = s.shop AND c.started_at >= s.since AND c.started_at < s.until"""
_RECORDS = {
    "order": "stores_order",
    "review": "stores_review",
    "case": "aftersales_aftersalecase",
    "consultation": "stores_consultation",
    "complaint": "stores_complaint",
}
_EXCLUDED = [
    f"""SELECT e.kind, unnest(e.metrics), r.id
        FROM stores_exclusion e
        JOIN {table} r ON r.shop_id = e.shop_id AND r.external_id = e.external_id
        WHERE e.kind = '{kind}' AND e.revoked_at IS NULL AND e.shop_id = ANY(%s)"""
    for kind, table in _RECORDS.items()
]
