"""A day is a Shanghai calendar date; instants are aware UTC."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopguard.lib.days import (
    SECONDS_PER_DAY,
    SHANGHAI_OFFSET_SECONDS,
    at_hour,
    day_end,
    day_number,
    day_start,
    days_between,
    number_day,
    shanghai_day,
)

DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31))


def test_a_day_begins_at_sixteen_hours_utc_of_the_day_before() -> None:
    assert day_start(date(2026, 11, 25)) == datetime(2026, 11, 24, 16, tzinfo=UTC)


def test_the_last_second_belongs_to_the_day_and_the_next_one_does_not() -> None:
    last = day_end(date(2026, 11, 25))
    assert shanghai_day(last) == date(2026, 11, 25)
    assert shanghai_day(last + timedelta(seconds=1)) == date(2026, 11, 26)


def test_noon_in_shanghai_is_four_in_the_morning_utc() -> None:
    assert at_hour(date(2026, 11, 25), 12) == datetime(2026, 11, 25, 4, tzinfo=UTC)


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        shanghai_day(datetime(2026, 11, 25))


def test_days_between_holds_both_ends_and_is_empty_backwards() -> None:
    assert days_between(date(2026, 2, 27), date(2026, 3, 1)) == [
        date(2026, 2, 27),
        date(2026, 2, 28),
        date(2026, 3, 1),
    ]
    assert days_between(date(2026, 3, 1), date(2026, 2, 27)) == []


@given(DAYS)
def test_the_number_of_a_day_leads_back_to_it(day: date) -> None:
    assert number_day(day_number(day)) == day


@given(DAYS, st.integers(0, SECONDS_PER_DAY - 1))
def test_adding_eight_hours_to_epoch_seconds_gives_the_same_day_as_the_time_zone(
    day: date, second: int
) -> None:
    instant = day_start(day) + timedelta(seconds=second)
    shifted = int(instant.timestamp()) + SHANGHAI_OFFSET_SECONDS
    assert number_day(shifted // SECONDS_PER_DAY) == day == shanghai_day(instant)
