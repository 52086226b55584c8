"""Counts what a fix is measured by: lines sold by day, with the fix and without."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from aftersales.calc.diagnostic_rules import EffectRules
from aftersales.calc.effect import Counts
from aftersales.models import Fix
from shopguard.lib.days import day_start

BOUGHT = "CASE WHEN o.is_cod THEN o.placed_at ELSE o.paid_at END"
SOLD = f"""
    SELECT l.product_ref = ANY(%s),
           (({BOUGHT}) AT TIME ZONE 'Asia/Shanghai')::date - %s,
           count(*),
           count(*) FILTER (WHERE EXISTS (
               SELECT FROM aftersales_aftersalecase c
               WHERE c.shop_id = o.shop_id AND c.order_ref = o.external_id
                 AND (c.line_no = l.line_no OR c.line_no IS NULL)
                 AND c.kind <> 'freight_only' AND c.outcome <> 'cancelled'
                 AND c.applied_at < ({BOUGHT}) + %s))
    FROM stores_order o
    JOIN stores_orderline l ON l.shop_id = o.shop_id AND l.order_ref = o.external_id
    WHERE o.shop_id = %s AND ({BOUGHT}) >= %s AND ({BOUGHT}) < %s
      AND (l.product_ref = ANY(%s) OR l.product_ref <> ALL(%s))
    GROUP BY 1, 2"""


@dataclass(frozen=True)
class Sold:
    """Lines of a day from the fix on (negative before it): with the fix or not."""

    is_own: bool
    day: int
    counts: Counts


@dataclass(frozen=True)
class Around:
    """Sums before and after a fix, with it and without; whether every day of them is over."""

    before: Counts
    after: Counts
    others_before: Counts
    others_after: Counts
    is_final: bool


def sold_around(*, fix: Fix, fixed: Sequence[str], rules: EffectRules, day: date) -> list[Sold]:
    """Lines bought in the longest horizon round the fix whose days to come back were over on
    ``day``; products of another fix (``fixed``) are in neither group.
    """
    longest = timedelta(days=max(rules.horizons))
    until = min(fix.started_on + longest, day - timedelta(days=rules.counted_days - 1))
    given: list[Any] = [
        fix.products, fix.started_on, timedelta(days=rules.counted_days), fix.shop_id,
        day_start(fix.started_on - longest), day_start(until), fix.products, list(fixed),
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(SOLD, given)
        return [Sold(own, at, Counts(n, k)) for own, at, n, k in cursor.fetchall()]


def around(
    sold: Sequence[Sold], *, fix: Fix, horizon: int, rules: EffectRules, day: date
) -> Around:
    """The sums of one horizon."""
    ends = fix.started_on + timedelta(days=horizon + rules.counted_days - 1)
    return Around(
        before=_sum(sold, True, -horizon, 0),
        after=_sum(sold, True, 0, horizon),
        others_before=_sum(sold, False, -horizon, 0),
        others_after=_sum(sold, False, 0, horizon),
        is_final=ends <= day,
    )


def _sum(sold: Sequence[Sold], is_own: bool, first: int, until: int) -> Counts:
    some = [one.counts for one in sold if one.is_own == is_own and first <= one.day < until]
    return Counts(sum(counts.n for counts in some), sum(counts.k for counts in some))
