"""Days of a shop's own customer service are judged as the rules say."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servicescore.calc.assessment import (
    DISSATISFACTION,
    REPLY,
    DaySums,
    Exam,
    Found,
    failing_months,
    level_of,
)
from shopguard.lib.days import days_between
from tests.conduct.histories import RULES, day, every_day, judged, states

BAD = {"in_time": 1, "asked": 2}  # half in time on every day: reminder
COURSE = {"in_time": 2, "asked": 5}
LIMIT = {"in_time": 1, "asked": 5}


@pytest.mark.parametrize(
    ("indicator", "num", "n", "level"),
    [
        (REPLY, 8, 10, "pass"),
        (REPLY, 799, 1000, "reminder"),
        (REPLY, 5, 10, "reminder"),
        (REPLY, 499, 1000, "course"),
        (REPLY, 3, 10, "course"),
        (REPLY, 299, 1000, "limit"),
        (DISSATISFACTION, 2, 10, "pass"),
        (DISSATISFACTION, 201, 1000, "reminder"),
        (DISSATISFACTION, 7, 20, "reminder"),
        (DISSATISFACTION, 351, 1000, "course"),
        (DISSATISFACTION, 5, 10, "course"),
        (DISSATISFACTION, 501, 1000, "limit"),
    ],
)
def test_a_rate_on_a_boundary_has_the_better_level(
    indicator: str, num: int, n: int, level: str
) -> None:
    assert level_of(indicator, num, n, RULES) == level


def test_a_penalty_runs_three_days_and_seven_full_days_follow() -> None:
    rows = judged(every_day("03-02", "04-30", **COURSE), "03-04", "03-20")
    assert states(rows, REPLY) == {
        "03-04": "course penalty_started",
        "03-05..03-06": "penalty_running",
        "03-07..03-13": "window_not_full",
        "03-14..03-20": "course already_punished",
    }
    resting = rows["03-05", REPLY]
    assert (resting.n, resting.window_from, resting.window_to) == (0, day("03-07"), day("03-13"))
    assert rows["03-14", REPLY].window_from == day("03-07")


def test_a_penalty_over_the_months_end_belongs_to_the_month_it_began_in() -> None:
    rows = judged(every_day("03-29", "04-30", **LIMIT), "03-31", "04-11")
    assert states(rows, REPLY) == {
        "03-31": "limit penalty_started",
        "04-01..04-02": "penalty_running",
        "04-03..04-09": "window_not_full",
        "04-10": "limit penalty_started",
        "04-11": "penalty_running",
    }


def test_a_month_whose_first_falls_under_a_penalty_lapses() -> None:
    sums = {
        each: DaySums(1, 5, 4, 5) if each >= day("03-29") else DaySums(low=4, rated=5)
        for each in days_between(day("03-01"), day("04-30"))
    }
    rows = judged(sums, "03-30", "05-01")
    lapsed = rows["04-01", DISSATISFACTION]
    assert lapsed.state == "penalty_running"
    assert (lapsed.window_from, lapsed.window_to) == (day("03-01"), day("03-31"))
    assert rows["05-01", DISSATISFACTION].state == "penalty_started"


def test_both_indicators_are_judged_before_a_penalty_of_that_day_starts() -> None:
    rows = judged(every_day("03-01", "03-31", in_time=1, asked=5, low=4, rated=5), "04-01", "04-02")
    for indicator in (REPLY, DISSATISFACTION):
        assert states(rows, indicator) == {
            "04-01": "limit penalty_started",
            "04-02": "penalty_running",
        }
    assert rows["04-02", DISSATISFACTION].window_from == day("04-01")
    assert rows["04-02", DISSATISFACTION].window_to == day("04-30")


def test_dissatisfaction_runs_through_the_month_unjudged_and_leaves_penalty_days_out() -> None:
    rows = judged(every_day("03-01", "03-31", **COURSE, low=1, rated=2), "03-03", "04-01")
    month = rows["03-31", DISSATISFACTION]
    # The course runs from the 3rd to the 5th of March.
    assert (month.state, month.level, month.num, month.n) == ("month_running", "", 27, 54)
    assert (month.window_from, month.window_to) == (day("03-01"), day("03-30"))
    assert (rows["04-01", DISSATISFACTION].num, rows["04-01", DISSATISFACTION].n) == (28, 56)


def test_too_few_are_shown_and_not_judged() -> None:
    rows = judged(every_day("03-01", "03-09", in_time=0, asked=1, low=1, rated=1), "03-09", "03-10")
    few = rows["03-09", REPLY]
    assert (few.state, few.level, few.value, few.n) == ("sample_too_small", "", 0.0, 7)
    assert judged({}, "03-09", "03-09")["03-09", REPLY].value is None


def test_a_reminder_is_no_punishment() -> None:
    rows = judged(every_day("03-01", "03-31", **BAD), "03-08", "03-20")
    assert states(rows, REPLY) == {"03-08..03-20": "reminder assessed"}


@pytest.mark.parametrize(
    ("exams", "resting", "judged_again"),
    [
        ([], "03-05..03-06", "03-14"),
        ([Exam(day("03-06"), "passed")], "03-05..03-06", "03-14"),
        ([Exam(day("03-04"), "passed")], "", "03-12"),
        ([Exam(day("03-05"), "failed"), Exam(day("03-06"), "passed")], "03-05..03-06", "03-14"),
        ([Exam(day("03-06"), "failed")], "03-05..03-09", "03-17"),
        ([Exam(day("03-06"), "missed")], "03-05..03-09", "03-17"),
        ([Exam(day("03-07"), "passed")], "03-05..03-06", "03-14"),
    ],
)
def test_an_exam_ends_the_course_or_brings_the_limit(
    exams: list[Exam], resting: str, judged_again: str
) -> None:
    rows = judged(every_day("03-02", "04-30", **COURSE), "03-04", "03-20", exams)
    told = states(rows, REPLY)
    assert told.get(resting, "penalty_running") == "penalty_running"
    assert f"{judged_again}..03-20" in told


def test_three_failing_months_within_six_are_counted() -> None:
    found = [
        Found(REPLY, "course", date(2024, month, 5), date(2024, month, 1)) for month in (1, 4, 6)
    ]
    found.append(Found(DISSATISFACTION, "limit", date(2024, 7, 1), date(2024, 6, 1)))
    assert len(failing_months(found, date(2024, 6, 30), RULES)) == RULES.alert_months
    assert len(failing_months(found, date(2024, 7, 1), RULES)) == RULES.alert_months - 1


sums_of_days = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 4), st.integers(0, 4)),
    min_size=60,
    max_size=75,
)


@settings(max_examples=30, deadline=None)
@given(sums_of_days)
def test_one_punishment_a_month_and_no_judgement_under_it(
    counts: list[tuple[int, int, int, int]],
) -> None:
    days = days_between(day("02-01"), day("04-30"))
    sums = {
        each: DaySums(min(a, b), b, min(c, d), d)
        for each, (a, b, c, d) in zip(days, counts, strict=False)
    }
    rows = judged(sums, "02-01", "04-10").values()
    begun = [row for row in rows if row.state == "penalty_started"]
    months = [
        (row.indicator, row.day.month if row.indicator == REPLY else row.window_from.month)
        for row in begun
    ]
    assert len(months) == len(set(months))
    for row in begun:
        under = [each for each in rows if 0 < (each.day - row.day).days < RULES.limit_days]
        assert {each.state for each in under} <= {"penalty_running"}
