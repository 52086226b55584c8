"""Computes the quotes of a night and keeps each different result as a revision."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from freightins.calc.fee_rules import FeeRules
from freightins.calc.quotes import validity
from freightins.models import QuoteRevision
from freightins.rules import fee_sets
from freightins.selectors.quoting import Quoted, quotes_of
from shopguard.lib.days import shanghai_day
from shopguard.lib.frames import rows_write
from stores.models import Run, Shop

HEAD = (
    "shop_id",
    "date",
    "rule_set",
    "score_rule_set",
    "revision",
    "run_id",
    "created_at",
    "is_backfilled",
)
CONTENT = (
    "rule_hash",
    "basis",
    "category",
    "window_orders",
    "window_returns",
    "window_promotions",
    "return_rate",
    "category_rate",
    "credibility",
    "blended_rate",
    "total",
    "level_factor",
    "severe_points",
    "general_points",
    "conduct_factor",
    "promotion_factor",
    "risk_rate",
    "pickup_share",
    "first_weight",
    "has_own_claims",
    "expected_payout",
    "computed_fee",
    "fee",
    "valid_from",
    "valid_to",
)


def quotes_compute(*, run_id: int, shop_ids: list[int]) -> int:
    """Quote the shops for the run's date under every fee rule set; returns the revisions written.

    A shop whose result equals its newest revision of that date gets no new one. Needs the windows
    (``windows_count``) and the scores of the run. Must run inside the caller's transaction.
    """
    run = Run.objects.get(pk=run_id)
    shops = list(Shop.objects.filter(pk__in=shop_ids).order_by("pk"))
    return sum(_set_compute(run, rules, shops) for rules in fee_sets())


def _set_compute(run: Run, rules: FeeRules, shops: list[Shop]) -> int:
    quoted = quotes_of(shops, rules, run.day, run.rule_set)
    results = {one.shop.pk: _content(one, rules, run.day) for one in quoted}
    newest = _newest(run, rules, list(results))
    changed = {
        shop: content
        for shop, content in results.items()
        if shop not in newest or any(content[name] != newest[shop][name] for name in CONTENT)
    }
    _write(run, rules, changed, newest)
    return len(changed)


def _newest(run: Run, rules: FeeRules, shop_ids: list[int]) -> dict[int, dict[str, Any]]:
    rows = QuoteRevision.objects.filter(
        shop__in=shop_ids, date=run.day, rule_set=rules.id, score_rule_set=run.rule_set
    )
    rows = rows.order_by("shop_id", "-revision").distinct("shop_id")
    return {row["shop_id"]: row for row in rows.values("shop_id", "revision", *CONTENT)}


def _content(one: Quoted, rules: FeeRules, day: date) -> dict[str, Any]:
    quote, payout = one.quote, one.quote.payout
    valid_from, valid_to = validity(rules, day, one.shop.opened_on) or (None, None)
    return {
        "rule_hash": rules.hash,
        "basis": quote.basis,
        "category": one.category,
        "window_orders": one.window.orders,
        "window_returns": one.window.returns,
        "window_promotions": one.window.promotions,
        "return_rate": None if quote.return_rate is None else float(quote.return_rate),
        "category_rate": float(quote.category_rate),
        "credibility": float(quote.credibility),
        "blended_rate": float(quote.blended_rate),
        "total": one.total,
        "level_factor": float(quote.level_factor),
        "severe_points": one.conduct.severe,
        "general_points": one.conduct.general,
        "conduct_factor": float(quote.conduct_factor),
        "promotion_factor": float(quote.promotion_factor),
        "risk_rate": float(quote.risk_rate),
        "pickup_share": float(payout.pickup_share),
        "first_weight": float(payout.first_weight),
        "has_own_claims": payout.is_own,
        "expected_payout": float(payout.expected),
        "computed_fee": quote.computed_fee,
        "fee": quote.fee,
        "valid_from": valid_from,
        "valid_to": valid_to,
    }


def _write(
    run: Run,
    rules: FeeRules,
    changed: Mapping[int, Mapping[str, Any]],
    newest: Mapping[int, Mapping[str, Any]],
) -> None:
    now = timezone.now()
    is_late = shanghai_day(run.created_at) > run.day
    rows = []
    for shop, content in changed.items():
        number = newest[shop]["revision"] + 1 if shop in newest else 1
        keys = (shop, run.day, rules.id, run.rule_set, number, run.pk, now, is_late)
        rows.append((*keys, *(content[name] for name in CONTENT)))
    rows_write(QuoteRevision._meta.db_table, (*HEAD, *CONTENT), rows)
