"""One result under two rule sets: what each metric adds to the difference."""

from collections.abc import Mapping
from typing import Any

from servicescore.calc.rules import ScoreRules


def shares_of(content: Mapping[str, Any], rules: ScoreRules) -> dict[str, float]:
    """The part each scored metric of a stored result has in its total; they add up to 1."""
    scored = {
        rule.id: [name for name in rule.metrics if content["metrics"][name]["score"] is not None]
        for rule in rules.dimensions
    }
    weight = sum(rule.weight for rule in rules.dimensions if scored[rule.id])
    return {
        name: rule.weight / weight / len(scored[rule.id])
        for rule in rules.dimensions
        for name in scored[rule.id]
    }


def reasons(
    content: Mapping[str, Any],
    rules: ScoreRules,
    other_content: Mapping[str, Any],
    other_rules: ScoreRules,
) -> dict[str, float]:
    """What each metric adds to the total under the other rules less that under the first.

    A metric is held against the first total: one that stands above it and counts more brings
    points, one that stands below it and counts more costs them. They add up to the difference.
    Empty where either has no total.
    """
    total = content["total"]
    if total is None or other_content["total"] is None:
        return {}
    points: dict[str, float] = {}
    for sign, one, of in ((-1, content, rules), (1, other_content, other_rules)):
        for name, share in shares_of(one, of).items():
            score = one["metrics"][name]["score"]
            points[name] = points.get(name, 0.0) + sign * share * (score - total)
    return points
