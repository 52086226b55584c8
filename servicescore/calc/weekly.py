"""Daily rows of an industry as sums of whole weeks.

A week begins with the weekday of the score date, so that a week of the past can stand for one to
come.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from servicescore.calc.outlook_rules import OutlookRules
from servicescore.calc.rules import Floats, MetricRule, ScoreRules
from servicescore.calc.windows import Integers


@dataclass(frozen=True)
class Days:
    """Daily rows of the shops of an industry: ``rows`` of [days, shops, columns], newest first."""

    rows: Integers
    columns: Mapping[str, int]

    def of(self, column: str) -> Integers:
        """One column as [days, shops]."""
        return self.rows[:, :, self.columns[column]]


@dataclass(frozen=True)
class Weekly:
    """A stem's sums of [weeks, shops], newest first, ``num`` in the shown unit.

    ``typical`` is how far its anchors lie apart: their standard deviation.
    """

    num: Floats
    den: Floats
    is_share: bool
    typical: float


def stems_of(rules: ScoreRules) -> Iterator[tuple[str, MetricRule]]:
    """Every stem of a rule set with the rule of its metric."""
    for rule in rules.metrics.values():
        for stem in rule.metric.stems:
            yield stem, rule


def weekly_sums(days: Days, rules: ScoreRules, outlook: OutlookRules) -> dict[str, Weekly]:
    """The weeks of every stem."""
    return {
        stem: Weekly(
            num=by_week(days.of(f"{stem}_num"), outlook) / rule.metric.scale,
            den=by_week(days.of(f"{stem}_den"), outlook),
            is_share=rule.metric.unit == "fraction",
            typical=float(rule.anchors[stem].x.std()),
        )
        for stem, rule in stems_of(rules)
    }


def by_week(days: Integers, outlook: OutlookRules) -> Floats:
    """Days of [days, shops] as sums of whole weeks; the oldest days that fill none are left out."""
    weeks = len(days) // outlook.block
    shaped = days[: weeks * outlook.block].reshape(weeks, outlook.block, -1)
    sums: Floats = shaped.sum(axis=1).astype(np.float64)
    return sums


def ratio(num: Floats, den: Floats, otherwise: Floats | float) -> Floats:
    """``num`` by ``den``, ``otherwise`` where there is nothing to divide by."""
    known = den > 0
    found: Floats = np.where(known, num / np.where(known, den, 1), otherwise)
    return found
