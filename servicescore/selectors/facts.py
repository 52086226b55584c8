"""Reads the facts of given days of given shops, and nothing else of a shop."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

import pandas as pd

from servicescore.calc.facts import Facts
from shopguard.lib.days import SECONDS_PER_DAY, SHANGHAI_OFFSET_SECONDS, day_start
from shopguard.lib.frames import frame_read

# Spans of so many days in the mean are most of what their shops have.
SHORT_DAYS = 30


@dataclass(frozen=True)
class Span:
    """A run of days of one shop, first and last included."""

    shop_id: int
    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


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

    All times come as whole epoch seconds. Of short spans (a night) nothing else is read; of long
    ones (a rebuild) the tables may be.
    """
    parameters = [
        [span.shop_id for span in spans],
        [day_start(span.first) for span in spans],
        [day_start(span.last + timedelta(days=1)) for span in spans],
    ]
    queries = _SHORT if sum(span.days for span in spans) <= SHORT_DAYS * len(spans) else _LONG

    def read(name: str) -> pd.DataFrame:
        kinds = {
            column.rstrip("*"): "text" if "*" in column else "int"
            for column in _COLUMNS[name].split()
        }
        frame = frame_read(f"WITH {_SPAN} {queries[name]}", parameters, kinds)
        frame["day"] = (frame.pop("anchor") + SHANGHAI_OFFSET_SECONDS) // SECONDS_PER_DAY
        return frame

    excluded = _excluded([span.shop_id for span in spans])
    return Facts(**{name: read(name) for name in _COLUMNS}, excluded=excluded)


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


def _span_by_span(table: str, anchor: str) -> str:
    """Rows ``o`` of a table by the instants of an anchor, one index scan a span.

    The offset holds the planner to it: it takes any range for a ninth of a table and would rather
    read every order there ever was.
    """
    return f"""span s CROSS JOIN LATERAL (
        SELECT * FROM {table} found
        WHERE found.shop_id = s.shop AND found.{anchor} >= s.since AND found.{anchor} < s.until
        OFFSET 0) o"""


def _as_planned(table: str, anchor: str) -> str:
    """The same as the planner likes it, which is right where the spans are most of the table."""
    return f"""span s JOIN {table} o
        ON o.shop_id = s.shop AND o.{anchor} >= s.since AND o.{anchor} < s.until"""


_COLUMNS = {
    "signed": "id shop anchor signed paid placed collected cod mode*",
    "due": "id shop anchor deadline paid cod shipped collected cancelled logistics*",
    "reviews": "id shop anchor order rating",
    "cases": "id shop anchor order kind* outcome* reason*",
    "complaints": "id shop anchor order outcome*",
    "closed": "id shop anchor kind* outcome* applied closed waiting",
    "consultations": "id shop anchor started started_by* queue first_reply longest_gap",
}


def _queries(rows: Callable[[str, str], str]) -> dict[str, str]:
    """The query of every frame; its columns are those of :data:`_COLUMNS`, in their order."""
    signed = rows("stores_order", "signed_at")
    of_order = "ON r.shop_id = o.shop_id AND r.order_ref = o.external_id"
    at = _seconds("o.signed_at")
    return {
        "signed": f"""
            SELECT o.id, o.shop_id, {at}, {at}, {_known("o.paid_at")}, {_seconds("o.placed_at")},
                   {_known("o.collected_at")}, o.is_cod::int, o.trade_mode
            FROM {signed}""",
        "due": f"""
            SELECT o.id, o.shop_id, {_seconds("o.ship_by")}, {_seconds("o.ship_by")},
                   {_known("o.paid_at")}, o.is_cod::int, {_known("o.shipped_at")},
                   {_known("o.collected_at")}, {_known("o.cancelled_at")}, o.logistics_mode
            FROM {rows("stores_order", "ship_by")}""",
        "reviews": f"""
            SELECT r.id, o.shop_id, {at}, o.id, r.rating
            FROM {signed} JOIN stores_review r {of_order}""",
        "cases": f"""
            SELECT r.id, o.shop_id, {at}, o.id, r.kind, r.outcome, r.reason
            FROM {signed} JOIN aftersales_aftersalecase r {of_order}""",
        "complaints": f"""
            SELECT r.id, o.shop_id, {at}, o.id, r.outcome
            FROM {signed} JOIN stores_complaint r {of_order}""",
        "closed": f"""
            SELECT o.id, o.shop_id, {_seconds("o.closed_at")}, o.kind, o.outcome,
                   {_seconds("o.applied_at")}, {_seconds("o.closed_at")},
                   coalesce(o.waiting_buyer_seconds, -1)
            FROM {rows("aftersales_aftersalecase", "closed_at")}""",
        "consultations": f"""
            SELECT o.id, o.shop_id, {_seconds("o.started_at")}, {_seconds("o.started_at")},
                   o.started_by, coalesce(o.queue_seconds, -1),
                   coalesce(o.first_reply_seconds, -1), coalesce(o.longest_gap_seconds, -1)
            FROM {rows("stores_consultation", "started_at")}""",
    }


_SHORT, _LONG = _queries(_span_by_span), _queries(_as_planned)
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
