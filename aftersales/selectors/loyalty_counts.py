"""Counts buyers who came again: after a return, with an offer and without, and after none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from aftersales.calc.diagnostic_rules import DiagnosticRules
from shopguard.lib.days import day_start

AGAIN = """
    LEFT JOIN LATERAL (
        SELECT n.order_paid FROM stores_order n
        WHERE n.shop_id = s.shop AND n.buyer_ref = g.buyer_ref AND n.buyer_ref <> ''
          AND n.placed_at > g.since AND n.placed_at <= g.since + %s
        ORDER BY n.placed_at LIMIT 1) again ON true
    GROUP BY 1, 2"""
RETURNED = f"""
    SELECT s.shop, g.is_offered, count(*), count(again), sum(again.order_paid)
    FROM unnest(%s::bigint[]) AS s(shop)
    CROSS JOIN LATERAL (
        SELECT o.buyer_ref, c.closed_at AS since, w.id IS NOT NULL AS is_offered
        FROM aftersales_aftersalecase c
        JOIN stores_order o ON o.shop_id = c.shop_id AND o.external_id = c.order_ref
         AND o.buyer_ref <> ''
        LEFT JOIN aftersales_winbackoffer w
          ON w.shop_id = c.shop_id AND w.order_ref = c.order_ref
        WHERE c.shop_id = s.shop AND c.closed_at >= %s AND c.closed_at < %s
          AND c.outcome = 'completed' AND c.kind <> 'freight_only'
        ORDER BY c.closed_at DESC LIMIT %s) g{AGAIN}"""
KEPT = f"""
    SELECT s.shop, false, count(*), count(again), sum(again.order_paid)
    FROM unnest(%s::bigint[]) AS s(shop)
    CROSS JOIN LATERAL (
        SELECT o.buyer_ref, o.signed_at AS since FROM stores_order o
        WHERE o.shop_id = s.shop AND o.signed_at >= %s AND o.signed_at < %s AND o.buyer_ref <> ''
          AND NOT EXISTS (SELECT FROM aftersales_aftersalecase c
                          WHERE c.shop_id = o.shop_id AND c.order_ref = o.external_id)
        ORDER BY o.signed_at DESC LIMIT %s) g{AGAIN}"""


@dataclass(frozen=True)
class Group:
    """Orders followed, those whose buyer bought again, and fen of what was bought."""

    n: int = 0
    k: int = 0
    fen: int = 0


@dataclass(frozen=True)
class Loyalty:
    """The three groups of a shop."""

    offered: Group = Group()
    others: Group = Group()
    kept: Group = Group()

    @property
    def mean_fen(self) -> int | None:
        """What an order of a buyer who came again paid; None where nobody did."""
        groups = (self.offered, self.others, self.kept)
        bought = sum(group.k for group in groups)
        return round(sum(group.fen for group in groups) / bought) if bought else None


def loyalty_counts(
    *, shop_ids: Sequence[int], day: date, rules: DiagnosticRules
) -> dict[int, Loyalty]:
    """The groups of each shop, of the days whose thirty days to come again are over on ``day``."""
    until = day_start(day - timedelta(days=rules.repeat_days - 1))
    given: list[Any] = [
        list(shop_ids), until - timedelta(days=rules.cohort_days), until, rules.compared_orders,
        timedelta(days=rules.repeat_days),
    ]  # fmt: skip
    returned = _read(RETURNED, given)
    kept = _read(KEPT, given)
    nobody = Group()
    return {
        shop: Loyalty(
            offered=returned.get((shop, True), nobody),
            others=returned.get((shop, False), nobody),
            kept=kept.get((shop, False), nobody),
        )
        for shop in shop_ids
    }


def _read(sql: str, given: list[Any]) -> dict[tuple[int, bool], Group]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return {
            (shop, offered): Group(n, k, int(fen or 0))
            for shop, offered, n, k, fen in cursor.fetchall()
        }
