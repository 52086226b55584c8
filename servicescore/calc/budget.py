"""How much bad still fits before the assessment falls a level."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import floor

from servicescore.calc.assessment import AssessmentRules, level_of


@dataclass(frozen=True)
class Budget:
    """``allowed`` more bad ones fit before the level falls to ``next_level``; None below all.

    ``expected`` more are expected in the span, of which ``likely`` bad ones at the present rate.
    """

    level: str
    next_level: str
    allowed: int
    expected: int
    likely: float

    @property
    def is_short(self) -> bool:
        """Whether more is likely than fits."""
        return self.likely > self.allowed


def reply_budget(
    in_time: int, asked: int, expected: int, likely: float, rules: AssessmentRules
) -> Budget | None:
    """Late replies that still fit in a span in which ``expected`` more consultations come.

    ``in_time`` of ``asked`` are those of the window that has passed. None where the whole window
    would be too small to be judged.
    """
    n = asked + expected
    if n < rules.reply_least:
        return None
    best = level_of("reply_3min", in_time + expected, n, rules)
    marks = dict(rules.reply_from)
    if best not in marks:
        return Budget(best, best, 0, expected, likely)
    order = [*marks, "limit"]
    allowed = floor(in_time + expected - marks[best] * n + _LEEWAY)
    return Budget(best, order[order.index(best) + 1], max(0, allowed), expected, likely)


# Products of fractions and counts lie this close to the whole number they mean.
_LEEWAY = 1 / (60 * 60 * 60)


@dataclass(frozen=True)
class HourLoad:
    """One hour of the day over some weeks: consultations, late ones, and those an agent took."""

    asked: int
    late: int


def expected_late(hours: Mapping[int, int], loads: Mapping[int, HourLoad]) -> float:
    """Late replies somebody would have with the shop's rate in each of the hours worked."""
    return sum(
        count * loads[hour].late / loads[hour].asked
        for hour, count in hours.items()
        if hour in loads and loads[hour].asked
    )
