"""How many more late replies fit before the level falls."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicescore.calc.assessment import REPLY, level_of
from servicescore.calc.budget import HourLoad, expected_late, reply_budget
from tests.conduct.histories import RULES


@pytest.mark.parametrize(
    ("in_time", "asked", "expected", "allowed", "next_level"),
    [
        (90, 100, 20, 14, "reminder"),
        (80, 100, 0, 0, "reminder"),
        (40, 100, 10, 17, "course"),
        (0, 0, 10, 2, "reminder"),
        (20, 100, 0, 0, "limit"),
    ],
)
def test_a_budget_is_what_the_level_leaves(
    in_time: int, asked: int, expected: int, allowed: int, next_level: str
) -> None:
    found = reply_budget(in_time, asked, expected, 1.0, RULES)
    assert found is not None
    if in_time == 40:
        # 50 of 110 in time is a course already; 33 keep it one.
        assert (found.level, found.next_level, found.allowed) == ("course", "limit", 17)
        return
    assert (found.allowed, found.next_level) == (allowed, next_level)


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 40))
def test_the_budget_holds_and_one_more_does_not(good: int, bad: int, expected: int) -> None:
    asked = good + bad
    found = reply_budget(good, asked, expected, 0.0, RULES)
    if found is None:
        assert asked + expected < RULES.reply_least
        return
    n = asked + expected
    if found.level == "limit":
        assert level_of(REPLY, good + expected, n, RULES) == "limit"
        return
    assert level_of(REPLY, good + expected - found.allowed, n, RULES) == found.level
    if found.allowed + 1 <= good + expected:
        assert level_of(REPLY, good + expected - found.allowed - 1, n, RULES) != found.level


def test_few_consultations_have_no_budget() -> None:
    assert reply_budget(3, 4, 5, 1.0, RULES) is None


def test_an_agent_is_measured_by_the_hours_worked() -> None:
    loads = {9: HourLoad(10, 1), 21: HourLoad(10, 5)}
    assert expected_late({9: 4, 21: 6}, loads) == pytest.approx(3.4)
