"""Computes the scores of an industry and keeps each different result as a revision."""

import json
from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.utils import timezone

from servicescore.models import ScoreRevision
from servicescore.rules import compiled_score_rules
from servicescore.selectors.industry import industry_contents
from shopguard.lib.frames import rows_write
from stores.models import Run

CONTENT = (
    "rule_hash",
    "industry",
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
LOCK_BENCHMARKS = "LOCK TABLE servicescore_benchmarkrow IN SHARE MODE"
OWN_SUMS = ("num", "den", "excl", "wnum", "wden")


def scores_compute(*, run_id: int, industry: str) -> int:
    """Score every shop of an industry for the run's date; returns the revisions written.

    A shop whose result equals its newest revision of that date and rule set gets no new one.
    Must run inside the caller's transaction. Benchmark tables stand still until it ends.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK_BENCHMARKS)
    run = Run.objects.get(pk=run_id)
    rules = compiled_score_rules(run.rule_set)
    contents = industry_contents(day=run.day, rule_set=run.rule_set, industry=industry)
    newest = _newest(run, list(contents))
    frame = {"rule_hash": rules.hash, "industry": industry}
    results = {shop: content | frame for shop, content in contents.items()}
    changed = {
        shop: result for shop, result in results.items() if _differs(result, newest.get(shop))
    }
    _revisions_write(run, changed, newest)
    return len(changed)


def _newest(run: Run, shop_ids: list[int]) -> dict[int, dict[str, Any]]:
    rows = ScoreRevision.objects.filter(shop__in=shop_ids, date=run.day, rule_set=run.rule_set)
    rows = rows.order_by("shop_id", "-revision").distinct("shop_id")
    return {row["shop_id"]: row for row in rows.values("shop_id", "revision", *CONTENT)}


def _differs(result: Mapping[str, Any], earlier: Mapping[str, Any] | None) -> bool:
    return earlier is None or any(result[name] != earlier[name] for name in CONTENT)


def _revisions_write(
    run: Run, changed: Mapping[int, Mapping[str, Any]], newest: Mapping[int, Mapping[str, Any]]
) -> None:
    keys = ("shop_id", "date", "rule_set", "revision", "run_id", "cause", "created_at")
    now = timezone.now()
    rows = []
    for shop, result in changed.items():
        earlier = newest.get(shop)
        number = earlier["revision"] + 1 if earlier else 1
        head = (shop, run.day, run.rule_set, number, run.pk, _cause(result, earlier).value, now)
        plain = (_stored(result[name]) for name in CONTENT)
        rows.append((*head, *plain))
    rows_write(ScoreRevision._meta.db_table, (*keys, *CONTENT), rows)


def _stored(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, dict) else value


def _cause(result: Mapping[str, Any], earlier: Mapping[str, Any] | None) -> ScoreRevision.Cause:
    """Why a result differs from the one before: rules, facts of its own, benchmark or peers."""
    if earlier is None:
        return ScoreRevision.Cause.FIRST
    if earlier["rule_hash"] != result["rule_hash"]:
        return ScoreRevision.Cause.RULES_CHANGED
    if _own_sums(result) != _own_sums(earlier):
        return ScoreRevision.Cause.LATE_FACTS
    if _benchmarks(result) != _benchmarks(earlier):
        return ScoreRevision.Cause.BENCHMARK
    return ScoreRevision.Cause.PEERS


def _own_sums(content: Mapping[str, Any]) -> list[Any]:
    receipts = content["metrics"]
    sums = [receipts[name][part] for name in sorted(receipts) for part in OWN_SUMS]
    return [content["signed_orders"], *sums]


def _benchmarks(content: Mapping[str, Any]) -> list[Any]:
    receipts = [content["metrics"][name] for name in sorted(content["metrics"])]
    parts = [part for receipt in receipts for part in (receipt, *receipt["modes"].values())]
    return [part.get("benchmark") for part in parts]
