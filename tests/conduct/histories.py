"""Histories of a shop's consultations said in a line, and what is judged of them."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from servicescore.calc.assessment import INDICATORS, DaySums, Exam, Judgement, Replay
from servicescore.rules import compiled_assessment_rules
from shopguard.lib.days import days_between
from tests.conftest import DAY_ZERO

RULES = compiled_assessment_rules(DAY_ZERO)


def day(text: str) -> date:
    """``03-09`` of the year 2024, or a whole date."""
    return date.fromisoformat(text if len(text) > 5 else f"2024-{text}")


def every_day(first: str, last: str, **counts: int) -> dict[date, DaySums]:
    """The same sums on every day from first to last."""
    return {each: DaySums(**counts) for each in days_between(day(first), day(last))}


def judged(
    sums: Mapping[date, DaySums], first: str, last: str, exams: Iterable[Exam] = ()
) -> dict[tuple[str, str], Judgement]:
    """Both indicators of each day from first to last, by ``03-09`` and indicator."""
    replay = Replay(sums, [], list(exams), lambda _day: RULES)
    found = {}
    for each in days_between(day(first), day(last)):
        for row in replay.judge(each)[0]:
            found[each.isoformat()[5:], row.indicator] = row
    return found


def states(rows: Mapping[tuple[str, str], Judgement], indicator: str) -> dict[str, str]:
    """Level and state by day, runs of the same state as their first and last day."""
    told: dict[str, str] = {}
    runs: list[list[str]] = []
    for (text, name), row in rows.items():
        if name != indicator:
            continue
        word = f"{row.level} {row.state}".strip()
        if runs and runs[-1][2] == word:
            runs[-1][1] = text
        else:
            runs.append([text, text, word])
    for first, last, word in runs:
        told[first if first == last else f"{first}..{last}"] = word
    return told


def after(text: str, days: int) -> date:
    """So many days after a day."""
    return day(text) + timedelta(days=days)


__all__ = ["INDICATORS", "RULES", "after", "day", "every_day", "judged", "states"]
