"""The keys of the order lines that came back with a value: of a cut, of a day, for a reason.

What a value means says each cut for whole frames of lines (``aftersales.findings``), where lines
of many shops are counted. Here the database finds the lines of one value of one shop and hands over
nothing else; a test holds both equal for every value there is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from aftersales.calc.cuts import band_names
from aftersales.calc.evidence import DAYS_AFTER, REASON
from aftersales.calc.finding_rules import FindingRules
from aftersales.calc.return_sums import APPLIED, SIGNED
from aftersales.quality_slot import quality_on
from aftersales.rules import finding_rules_on
from aftersales.selectors.finding_lines import BOUGHT, COUNTS, OF_LINE
from aftersales.selectors.return_basis import NEWEST, Basis
from shopguard.lib.days import day_start
from shopguard.lib.money import yuan_text
from stores.models import Shop

DAY = "day"
ALL = "all"
PRICE, REPLY, NEVER = "price_band", "reply_bucket", "never"
LONGEST_NUMBER = 4
PLACED = "(o.placed_at AT TIME ZONE 'Asia/Shanghai')"
APPLIED_DAY = "(applied_at AT TIME ZONE 'Asia/Shanghai')::date"
LATEST = "CASE WHEN c.latest_reason = '' THEN c.reason ELSE c.latest_reason END"
# The value of a line; an empty one is unknown and in no cut.
VALUES: Mapping[str, str] = {
    "product": "l.product_ref",
    "sku": "l.sku",
    "spec": "l.spec",
    "category": """(SELECT p.category FROM stores_product p
        WHERE p.shop_id = l.shop_id AND p.external_id = l.product_ref)""",
    "channel": "o.channel",
    "province": "o.province",
    "courier": """(SELECT p.courier FROM stores_parcel p
        WHERE p.shop_id = o.shop_id AND p.order_ref = o.external_id
        ORDER BY p.shipped_at, p.external_id LIMIT 1)""",
    "promotion": "CASE WHEN o.is_promotion THEN 'yes' ELSE 'no' END",
    "hour": f"extract(hour FROM {PLACED})::int::text",
    "weekday": f"extract(isodow FROM {PLACED})::int::text",
}
# Lines with their earliest case that counts, and whether any such case is for quality.
FIRST = f"""
    SELECT DISTINCT ON (l.id) l.id, l.order_ref, {PLACED}::date AS placed_on, c.applied_at,
           c.reason, {{quality}} AS is_quality
    FROM aftersales_aftersalecase c
    JOIN stores_order o ON o.shop_id = c.shop_id AND o.external_id = c.order_ref
    JOIN stores_orderline l ON l.shop_id = o.shop_id AND l.order_ref = o.external_id AND {OF_LINE}
    WHERE c.shop_id = %s AND {COUNTS} AND {{of_order}}
    ORDER BY l.id, c.applied_at, c.external_id"""
KEYS = f"SELECT id, order_ref FROM ({FIRST}) lines WHERE {{of_first}} ORDER BY id DESC"
REASONS = (
    f"SELECT DISTINCT {{reason}} FROM aftersales_aftersalecase c WHERE c.shop_id = %s AND {COUNTS}"
)
# Orders with any case like this: fewer to look at.
ASKED = """c.order_ref IN (SELECT a.order_ref FROM aftersales_aftersalecase a
    WHERE a.shop_id = c.shop_id AND {})"""
# One table, so that no plan of it can grow with the square.
REPLIES = """
    SELECT DISTINCT ON (order_ref) order_ref, first_reply_seconds FROM stores_consultation
    WHERE shop_id = %s AND order_ref = ANY(%s) ORDER BY order_ref, started_at, external_id"""


@dataclass(frozen=True)
class Wanted:
    """Whose rows: a value of a cut, of ``day`` or of ``reason``, or all there are, by a basis;
    ``only`` quality.
    """

    by: str
    value: str
    only: str
    basis: Basis

    @property
    def query(self) -> str:
        """Its part of an address."""
        rows = self.basis.rows_query(self.by, self.value)
        return f"{rows}&only={self.only}" if self.only else rows


@dataclass(frozen=True)
class _Condition:
    """A piece of SQL with its parameters."""

    sql: str
    given: Sequence[Any] = ()


NOTHING, EVERYTHING = _Condition("FALSE"), _Condition("TRUE")


def line_keys(*, shop: Shop, wanted: Wanted, day: date) -> list[int]:
    """The keys of the lines, newest first, as the night of ``day`` counts them but from what is
    known now; in one query, two for a bucket of replies or for quality alone.
    """
    rules = finding_rules_on(day)
    until = day_start(day + timedelta(days=1))
    quality = _quality(shop, wanted, day, until)
    of_order, of_first = _of_value(wanted, rules)
    window, of_day = _window(wanted, day, rules.window_days)
    sql = KEYS.format(
        quality=quality.sql,
        of_order=f"{window.sql} AND {of_order.sql}",
        of_first=f"is_quality AND {of_day.sql} AND {of_first.sql}",
    )
    given = [
        *quality.given, shop.pk, until, *window.given, *of_order.given, *of_day.given,
        *of_first.given,
    ]  # fmt: skip
    rows = _rows(sql, given)
    if wanted.by == REPLY:
        rows = _replied(shop, rows, wanted.value, rules)
    return [key for key, _order in rows]


def _rows(sql: str, given: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _quality(shop: Shop, wanted: Wanted, day: date, until: datetime) -> _Condition:
    """Whether one of a line's cases is for quality, by the reason that is asked for."""
    if not wanted.only:
        return EVERYTHING
    reason = LATEST if wanted.basis.reason == NEWEST else "c.reason"
    is_quality = quality_on(day)
    texts = [text for (text,) in _rows(REASONS.format(reason=reason), [shop.pk, until])]
    told = [text for text in texts if is_quality(text)]
    return _Condition(f"bool_or({reason} = ANY(%s::text[])) OVER (PARTITION BY l.id)", [told])


def _window(wanted: Wanted, day: date, days: int) -> tuple[_Condition, _Condition]:
    """Which orders and which first cases are of the window, or of the one day asked for."""
    first = day - timedelta(days=days - 1)
    since, last = (date.fromisoformat(wanted.value),) * 2 if wanted.by == DAY else (first, day)
    if not first <= since <= last <= day:
        return NOTHING, NOTHING
    given = [day_start(since), day_start(last + timedelta(days=1))]
    if wanted.basis.day == APPLIED:
        of_case = "{0}applied_at >= %s AND {0}applied_at < %s"
        asked = _Condition(ASKED.format(of_case.format("a.")), given)
        return asked, _Condition(of_case.format(""), given)
    at = "o.signed_at" if wanted.basis.day == SIGNED else BOUGHT
    return _Condition(f"{at} >= %s AND {at} < %s", given), EVERYTHING


def _of_value(wanted: Wanted, rules: FindingRules) -> tuple[_Condition, _Condition]:
    """Which lines with their orders, and which first cases, have the value."""
    by, value = wanted.by, wanted.value
    if by in VALUES:
        return _Condition(f"{VALUES[by]} = %s", [value]) if value else NOTHING, EVERYTHING
    if by == PRICE:
        return _of_price(value, rules), EVERYTHING
    if by == REASON:
        asked = _Condition(ASKED.format("a.reason = %s"), [value])
        return asked, _Condition("reason = %s", [value])
    if by == DAYS_AFTER:
        is_number = value.isascii() and value.isdigit() and len(value) <= LONGEST_NUMBER
        found = (
            _Condition(f"{APPLIED_DAY} - placed_on = %s", [int(value)]) if is_number else NOTHING
        )
        return EVERYTHING, found
    return EVERYTHING, EVERYTHING


def _of_price(value: str, rules: FindingRules) -> _Condition:
    edges = rules.price_edges
    names = band_names([yuan_text(edge).removesuffix(".00") for edge in edges])
    if value not in names:
        return NOTHING
    at = names.index(value)
    below = " AND l.line_paid < l.quantity * %s" if at + 1 < len(edges) else ""
    return _Condition(
        f"l.quantity > 0 AND l.line_paid >= l.quantity * %s{below}", edges[at : at + 2]
    )


def _replied(
    shop: Shop, rows: list[tuple[Any, ...]], value: str, rules: FindingRules
) -> list[tuple[Any, ...]]:
    """Those whose order's earliest consultation was first answered in the bucket."""
    replies = dict(_rows(REPLIES, [shop.pk, [order for _key, order in rows]]))
    names = band_names([str(edge) for edge in rules.reply_edges])
    if value == NEVER:
        return [row for row in rows if row[1] in replies and replies[row[1]] is None]
    if value not in names:
        return []
    low, high = [*rules.reply_edges, None][names.index(value) :][:2]
    seconds = ((row, replies.get(row[1])) for row in rows)
    return [
        row for row, took in seconds
        if took is not None and took >= (low or 0) and (high is None or took < high)
    ]  # fmt: skip
