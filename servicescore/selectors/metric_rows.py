"""The records behind one metric of one shop, as they are now: narrowed, ordered, page by page."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from servicescore.calc.rules import ScoreRules
from servicescore.rules import compiled_event_rules, event_book
from servicescore.selectors.rows import row_sources
from servicescore.selectors.rows._declare import EVERY, RowSource
from shopguard.lib.days import SHANGHAI, day_start
from stores.models import Shop

# Which records: all that count, those in the numerator or not in it, the excluded, the rest.
SHOWS = ("counted", "numerator", "missed", "excluded", "left_out")
SORTS = ("effect", "amount", "newest", "oldest")
# Counting goes no further: a list of this length is narrowed, not paged through.
MOST_COUNTED = 10_000
LONG_AGO = date(1970, 1, 1)


@dataclass(frozen=True)
class Selection:
    """Which records of a metric and in which order. Days are included; empty means no limit."""

    show: str
    sort: str = "newest"
    mode: str = ""
    first: date | None = None
    last: date | None = None
    product: str = ""
    record: str = ""

    @property
    def is_found_by_text(self) -> bool:
        """Whether it names a product or a record: what daily sums cannot count."""
        return bool(self.product or self.record)


@dataclass(frozen=True)
class Window:
    """The days a score of ``day`` looks at, and what weighs them. ``pivot`` is the metric's value.

    ``pivot`` is in stored integers (seconds, not hours) by one of the denominator.
    """

    day: date
    rules: ScoreRules
    pivot: float = 0.0

    @property
    def first(self) -> date:
        """The oldest day in it."""
        return self.day - timedelta(days=self.rules.window_days)

    @property
    def last(self) -> date:
        """The newest day in it."""
        return self.day - timedelta(days=1)

    def weight(self, day: date) -> float:
        """What an event of a day weighs."""
        return float(0.5 ** (((self.day - day).days - 1) / self.rules.half_life))

    def leaves_on(self, day: date) -> date:
        """The first score date an event of a day no longer belongs to."""
        return day + timedelta(days=self.rules.window_days + 1)


@dataclass(frozen=True)
class Row:
    """One record: what it adds to numerator, denominator and excluded count, and why.

    ``num`` is a stored integer, ``day`` the Shanghai day it counts for, ``why`` a code of
    ``servicescore.selectors.row_words``, ``reason`` what its exclusion says, ``total_effect`` the
    total without it less the total with it where that was worked out. ``found`` is how many the
    selection has, where all of them were read to put them in order anyway.
    """

    ref: str
    order_ref: str
    day: date
    mode: str
    began: datetime | None
    ended: datetime | None
    detail: str
    why: str
    num: int
    den: int
    excl: int
    product_ref: str
    product: str
    reason: str
    weight: float
    leaves_on: date
    found: int | None = None
    total_effect: float | None = None


def rows_read(
    shop: Shop, metric: str, window: Window, chosen: Selection, *, limit: int, offset: int = 0
) -> list[Row]:
    """A page of records, in one query."""
    sql, parameters = _query(shop, metric, window, chosen)
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} LIMIT %(limit)s OFFSET %(offset)s) rows {_BESIDE}", {
            **parameters, "limit": limit, "offset": offset,
        })  # fmt: skip
        return list(_rows(cursor, window))


def rows_streamed(shop: Shop, metric: str, window: Window, chosen: Selection) -> Iterator[Row]:
    """Every record of a selection, however many, a few thousand at a time in memory."""
    sql, parameters = _query(shop, metric, window, chosen)
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"{sql}) rows {_BESIDE}", parameters)
        yield from _rows(cursor, window)


def rows_counted(shop: Shop, metric: str, window: Window, chosen: Selection) -> int:
    """How many records a selection has; :data:`MOST_COUNTED` + 1 stands for more than that."""
    sql, parameters = _unordered(row_sources()[metric], shop, window, chosen)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM ({sql} LIMIT %(limit)s) rows",
            {**parameters, "limit": MOST_COUNTED + 1},
        )
        return int(cursor.fetchone()[0])


def day_sums(
    shop: Shop, metric: str, window: Window, spans: Sequence[tuple[date, date]]
) -> dict[tuple[date, str], tuple[int, int, int]]:
    """Numerator, denominator and excluded count per day and trade mode of some spans of days."""
    source = row_sources()[metric]
    inner, parameters = _unordered(source, shop, window, Selection("all"))
    anchors = []
    for number, (first, last) in enumerate(spans):
        parameters[f"since_{number}"] = day_start(first)
        parameters[f"until_{number}"] = day_start(last + timedelta(days=1))
        anchors.append(
            f"({source.anchor} >= %(since_{number})s AND {source.anchor} < %(until_{number})s)"
        )
    query = f"""
        SELECT (anchor AT TIME ZONE 'Asia/Shanghai')::date, mode,
               sum(num)::bigint, sum(den)::bigint, sum(excl)::bigint
        FROM ({inner} AND ({" OR ".join(anchors)})) rows GROUP BY 1, 2"""
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return {(day, mode): (num, den, excl) for day, mode, num, den, excl in cursor.fetchall()}


def _rows(cursor: Any, window: Window) -> Iterator[Row]:
    for anchor, *fields in cursor:
        day = anchor.astimezone(SHANGHAI).date()
        named = dict(zip(_FIELDS, fields, strict=True))
        yield Row(**named, day=day, weight=window.weight(day), leaves_on=window.leaves_on(day))


_FIELDS = (
    "ref", "order_ref", "mode", "began", "ended", "detail", "why", "num", "den", "excl",
    "product_ref", "product", "reason", "found",
)  # fmt: skip
# The first line of the order, and what the exclusions say; looked up for the rows shown only.
_BESIDE = """
    LEFT JOIN LATERAL (
        SELECT l.product_ref, concat_ws(' ', nullif(p.title, ''), nullif(l.spec, '')) AS product
        FROM stores_orderline l
        LEFT JOIN stores_product p ON p.shop_id = l.shop_id AND p.external_id = l.product_ref
        WHERE l.shop_id = %(shop)s AND l.order_ref = rows.order_ref
        ORDER BY l.line_no LIMIT 1
    ) line ON TRUE
    LEFT JOIN LATERAL (
        SELECT string_agg(DISTINCT e.reason, '; ') AS reason FROM stores_exclusion e
        WHERE rows.excl > 0 AND e.shop_id = %(shop)s AND e.revoked_at IS NULL
          AND %(metric)s = ANY(e.metrics)
          AND e.external_id = ANY(rows.also || rows.ref::text || rows.order_ref::text)
    ) gone ON TRUE
    ORDER BY rows.place"""


def _query(
    shop: Shop, metric: str, window: Window, chosen: Selection
) -> tuple[str, dict[str, Any]]:
    """The selection with its order, open at the end for a limit."""
    source = row_sources()[metric]
    inner, parameters = _unordered(source, shop, window, chosen)
    order = _orders(window, metric, chosen)[chosen.sort]
    is_few = chosen.show == "numerator" and source.numerator_only != EVERY
    found = "count(*) OVER ()" if is_few else "NULL::bigint"
    return (
        f"""SELECT rows.anchor, rows.ref, rows.order_ref, rows.mode, rows.began, rows.ended,
            rows.detail, rows.why, rows.num, rows.den, rows.excl,
            coalesce(line.product_ref, ''), coalesce(line.product, ''), coalesce(gone.reason, ''),
            rows.found
        FROM (SELECT *, row_number() OVER (ORDER BY {order}) AS place, {found} AS found
              FROM ({inner}) every ORDER BY {order}""",
        {**parameters, "metric": metric, "pivot": window.pivot},
    )


def _orders(window: Window, metric: str, chosen: Selection) -> Mapping[str, str]:
    """ORDER BY of each sort. ``effect`` puts first what pulls the value most the wrong way.

    Excluded records are few: they are found by their exclusions, not by walking through the days.
    """
    low_is_better = window.rules.metrics[metric].metric.better == "low"
    worst = "DESC" if low_is_better else "ASC"
    age = "(%(day)s::date - (anchor AT TIME ZONE 'Asia/Shanghai')::date)"
    day = "(anchor + interval '0')" if chosen.show == "excluded" else "anchor"
    weight = f"power(0.5, ({age} - 1) / %(half_life)s::float8)"
    return {
        "effect": f"{weight} * (num - %(pivot)s::float8 * den) {worst}, anchor DESC, id DESC",
        "amount": f"num {worst}, anchor DESC, id DESC",
        "newest": f"{day} DESC, id DESC",
        "oldest": f"{day}, id",
    }


def _unordered(
    source: RowSource, shop: Shop, window: Window, chosen: Selection
) -> tuple[str, dict[str, Any]]:
    """SELECT of the chosen records; its WHERE is last, so that it can be narrowed further."""
    conditions = [
        "r.shop_id = %(shop)s",
        f"{source.anchor} >= %(since)s",
        f"{source.anchor} < %(until)s",
        source.universe,
        *_shown(source, chosen.show),
    ]
    if chosen.mode:
        conditions.append(f"{source.mode} = %(mode)s")
    if chosen.record:
        conditions.append(f"(r.external_id = %(record)s OR {source.order} = %(record)s)")
    if chosen.product:
        conditions.append(
            f"{source.order} IN (SELECT l.order_ref FROM stores_orderline l"
            " WHERE l.shop_id = %(shop)s AND l.product_ref = %(product)s)"
        )
    query = f"""
        SELECT r.id, r.external_id AS ref, {source.order} AS order_ref, {source.anchor} AS anchor,
               {source.mode} AS mode, {source.began} AS began, {source.ended} AS ended,
               {source.detail} AS detail, {source.why} AS why, {source.also} AS also,
               CASE WHEN y.den THEN ({source.num})::bigint ELSE 0 END AS num, y.den::int AS den,
               {source.exclusions} AS excl
        FROM {source.source}
        CROSS JOIN LATERAL (SELECT {source.counts} AS counts, {source.out} AS out) x
        CROSS JOIN LATERAL (SELECT x.counts AND NOT x.out AS den) y
        WHERE {" AND ".join(conditions)}"""
    return query, _parameters(shop, window, chosen)


def _shown(source: RowSource, show: str) -> list[str]:
    return {
        "all": [],
        "counted": ["y.den"],
        "numerator": ["y.den", source.numerator_only, f"({source.num}) > 0"],
        "missed": ["y.den", f"({source.num}) = 0"],
        "excluded": [source.excluded_only, f"({source.exclusions}) > 0"],
        "left_out": ["NOT x.counts"],
    }[show]


def _parameters(shop: Shop, window: Window, chosen: Selection) -> dict[str, Any]:
    first = max(window.first, chosen.first or window.first)
    last = min(window.last, chosen.last or window.last)
    dated = [(rules.effective_on or LONG_AGO, compiled_event_rules(rules.id))
             for rules in event_book().sets if rules.visible_to != "preview"]  # fmt: skip
    return {
        "shop": shop.pk,
        "since": day_start(first),
        "until": day_start(last + timedelta(days=1)),
        "day": window.day,
        "half_life": window.rules.half_life,
        "mode": chosen.mode,
        "record": chosen.record,
        "product": chosen.product,
        "rules_since": [day_start(since) for since, _ in dated],
        "reply_opens": [rules.reply_opens for _, rules in dated],
        "reply_closes": [rules.reply_closes for _, rules in dated],
        "reply_limit": [rules.reply_limit for _, rules in dated],
        "reasons": ["\x1f".join(sorted(rules.quality_reasons)) for _, rules in dated],
    }
