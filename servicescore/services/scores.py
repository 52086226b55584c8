"""Computes the scores of an industry and keeps each different result as a revision."""

from collections.abc import Mapping
from typing import Any

from servicescore.calc.rules import ScoreRules
from servicescore.models import ScoreRevision
from servicescore.rules import compiled_score_rules
from servicescore.selectors.industry import industry_contents
from stores.models import Run

CONTENT = (
    "rule_hash",
    "state",
    "total",
    "stars",
    "estimate",
    "percentile",
    "peers_n",
    "signed_orders",
    "dimensions",
    "metrics",
)
OWN_SUMS = ("num", "den", "excl", "wnum", "wden")


def scores_compute(*, run_id: int, industry: str) -> int:
    """Score every shop of an industry for the run's date; returns the revisions written.

    A shop whose result equals its newest revision of that date and rule set gets no new one.
    Must run inside the caller's transaction.
    """
    run = Run.objects.get(pk=run_id)
    rules = compiled_score_rules(run.rule_set)
    contents = industry_contents(day=run.day, rule_set=run.rule_set, industry=industry)
    newest = _newest(run, list(contents))
    written = [
        _revision(run, shop_id, rules, content, newest.get(shop_id))
        for shop_id, content in contents.items()
        if _differs(content | {"rule_hash": rules.hash}, newest.get(shop_id))
    ]
    ScoreRevision.objects.bulk_create(written)
    return len(written)


def _newest(run: Run, shop_ids: list[int]) -> dict[int, dict[str, Any]]:
    rows = ScoreRevision.objects.filter(shop__in=shop_ids, date=run.day, rule_set=run.rule_set)
    rows = rows.order_by("shop_id", "-revision").distinct("shop_id")
    return {row["shop_id"]: row for row in rows.values("shop_id", "revision", *CONTENT)}


def _differs(content: Mapping[str, Any], earlier: Mapping[str, Any] | None) -> bool:
    return earlier is None or any(content[name] != earlier[name] for name in CONTENT)


def _revision(
    run: Run,
    shop_id: int,
    rules: ScoreRules,
    content: Mapping[str, Any],
    earlier: Mapping[str, Any] | None,
) -> ScoreRevision:
    return ScoreRevision(
        shop_id=shop_id,
        date=run.day,
        rule_set=run.rule_set,
        rule_hash=rules.hash,
        revision=earlier["revision"] + 1 if earlier else 1,
        run=run,
        cause=_cause(rules, content, earlier),
        **content,
    )


def _cause(
    rules: ScoreRules, content: Mapping[str, Any], earlier: Mapping[str, Any] | None
) -> ScoreRevision.Cause:
    """Why a result differs from the one before: other rules, other facts of its own, or peers."""
    if earlier is None:
        return ScoreRevision.Cause.FIRST
    if earlier["rule_hash"] != rules.hash:
        return ScoreRevision.Cause.RULES_CHANGED
    if _own_sums(content) != _own_sums(earlier):
        return ScoreRevision.Cause.LATE_FACTS
    return ScoreRevision.Cause.PEERS


def _own_sums(content: Mapping[str, Any]) -> list[Any]:
    receipts = content["metrics"]
    sums = [receipts[name][part] for name in sorted(receipts) for part in OWN_SUMS]
    return [content["signed_orders"], *sums]
