"""The line of a guarantee on the page of a case: all in its place, nothing beyond its ends."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from aftersales.selectors.guarantee_line import GuaranteeLine

SIGNED = datetime(2024, 3, 1, 4, tzinfo=UTC)
SECONDS = st.integers(-90 * 86_400, 90 * 86_400)


def line(applied: timedelta, length: timedelta) -> GuaranteeLine:
    return GuaranteeLine(SIGNED, SIGNED + applied, SIGNED + length)


def per_cent(place: str) -> float:
    return float(place.removesuffix("%"))


def test_an_application_halfway_stands_in_the_middle() -> None:
    drawn = line(timedelta(days=4), timedelta(days=8))
    assert (drawn.signed, drawn.applied, drawn.length) == ("0.0%", "50.0%", "100.0%")
    assert drawn.is_inside


def test_a_late_application_stands_behind_the_period() -> None:
    drawn = line(timedelta(days=10), timedelta(days=8))
    assert (drawn.signed, drawn.applied, drawn.length) == ("0.0%", "100.0%", "80.0%")
    assert not drawn.is_inside


def test_who_applies_before_it_arrives_stands_in_front() -> None:
    drawn = line(timedelta(days=-2), timedelta(days=8))
    assert (drawn.applied, drawn.signed, drawn.length) == ("0.0%", "20.0%", "80.0%")
    assert drawn.is_inside


@given(SECONDS, st.integers(1, 400 * 86_400))
def test_nothing_stands_outside_the_line(applied: int, length: int) -> None:
    drawn = line(timedelta(seconds=applied), timedelta(seconds=length))
    assert all(0 <= per_cent(place) <= 100 for place in (drawn.signed, drawn.applied))
    assert per_cent(drawn.signed) + per_cent(drawn.length) <= 100.1
