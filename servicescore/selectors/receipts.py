"""Scores computed again from what their receipts hold, without a look at any fact."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from servicescore.calc.receipts import benchmarks_of_receipts, score_content, sums_of_receipts
from servicescore.calc.scoring import industry_scores
from servicescore.models import ScoreRevision
from servicescore.rules import compiled_score_rules

# The fields of a revision that are its result, and so are computed again.
RESULT = (
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


@dataclass(frozen=True)
class Recomputed:
    """A revision as it is stored, and its result computed again from the receipts of its peers."""

    revision: ScoreRevision
    result: Mapping[str, Any]

    def differences(self, tolerance: float) -> list[str]:
        """The paths of values that differ by more than ``tolerance``; empty when all agree."""
        return [
            path
            for name in RESULT
            for path in differences(
                getattr(self.revision, name), self.result[name], tolerance, name
            )
        ]


def receipts_recomputed(
    *, day: date, rule_set: str, run_id: int, industry: str
) -> list[Recomputed]:
    """Every score of an industry as the run ``run_id`` left it, computed again from the receipts.

    A run writes only what differs, so the newest revision up to the run is what it found for a
    shop. Rank, blend, dimensions, total, stars and state all follow from the sums in the receipts
    of the shop and its peers. Raises RuleError when the rule set is gone; a revision whose
    ``rule_hash`` is not the present one was computed under other rules and will differ.
    """
    rules = compiled_score_rules(rule_set)
    rows = ScoreRevision.objects.filter(date=day, rule_set=rule_set, run__lte=run_id)
    newest = rows.order_by("shop_id", "-revision").distinct("shop_id")
    found = [row for row in newest if row.industry == industry]
    contents = [{name: getattr(row, name) for name in RESULT} for row in found]
    sums, tables = sums_of_receipts(contents, rules), benchmarks_of_receipts(contents, rules)
    scores = industry_scores(sums, rules, industry, tables)
    return [Recomputed(row, score_content(scores, rules, place)) for place, row in enumerate(found)]


def differences(one: Any, other: Any, tolerance: float, path: str) -> list[str]:
    """The paths at which two plain values differ; numbers may differ by ``tolerance``."""
    if isinstance(one, dict) and isinstance(other, dict):
        return [
            place
            for name in sorted(one.keys() | other.keys())
            for place in differences(one.get(name), other.get(name), tolerance, f"{path}.{name}")
        ]
    if isinstance(one, int | float) and isinstance(other, int | float):
        return [] if abs(one - other) <= tolerance else [path]
    return [] if one == other else [path]
