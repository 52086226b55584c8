"""A shop and its industry under every rule set, on some days, from the daily rows as they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from servicescore.calc.preview import reasons
from servicescore.metrics import metrics
from servicescore.rules import compiled_score_rules, score_book
from servicescore.selectors import metric_words

# The history is looked at once a week, so many weeks back.
WEEKS = 12
WEEK = 7
MOST_REASONS = 2


@dataclass(frozen=True)
class Reason:
    """A metric and the points by which one rule set gives it more than another."""

    label: str
    points: float


Contents = Mapping[date, Mapping[int, Mapping[str, Any]]]


def days_shown(last: date) -> list[date]:
    """The days of the history, oldest first; the newest is ``last``."""
    return [last - timedelta(days=WEEK * back) for back in reversed(range(WEEKS + 1))]


def rule_sets() -> list[str]:
    """Every score rule set, those with dates first, the newest of them first."""
    return [
        rules.id
        for rules in sorted(
            score_book().sets,
            key=lambda rules: (rules.visible_to == "preview", -_began(rules.effective_on)),
        )
    ]


def _began(day: date | None) -> int:
    return day.toordinal() if day else 0


def reasons_told(
    now: Mapping[str, Any], other: Mapping[str, Any], rule_set: str, other_set: str
) -> list[Reason]:
    """Why a total under ``other_set`` differs: the metrics that moved it most in its direction."""
    rules, others = (compiled_score_rules(name) for name in (rule_set, other_set))
    points = reasons(now, rules, other, others)
    sign = 1 if (other["total"] or 0.0) >= (now["total"] or 0.0) else -1
    ranked = sorted(points, key=lambda name: (-sign * points[name], name))
    return [
        Reason(metric_words.label(metrics()[name]), points[name])
        for name in ranked[:MOST_REASONS]
        if points[name] * sign > 0
    ]
