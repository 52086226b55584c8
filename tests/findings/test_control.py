"""The usual range of a rate: it holds the middle, calm shops stay inside, a bad day does not."""

from datetime import date
from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aftersales.calc.control import control
from aftersales.rules import diagnostic_rules_on

RULES = diagnostic_rules_on(date(2024, 3, 1)).control
DAYS = st.lists(
    st.integers(0, 300).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))),
    min_size=RULES.least_days,
    max_size=40,
)


def every(n: np.ndarray) -> np.ndarray:
    return np.ones(len(n), dtype=bool)


CHEAP = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@CHEAP
@given(DAYS)
def test_a_range_lies_between_nothing_and_everything_round_the_middle(
    days: list[tuple[int, int]],
) -> None:
    n, k = (np.array(column) for column in zip(*days, strict=True))
    found = control(n, k, every(n), RULES)
    if found.middle is None:
        assert (n > 0).sum() < RULES.least_days
        return
    some = n > 0
    assert ((found.low[some] >= 0) & (found.high[some] <= 1)).all()
    assert (found.low[some] <= found.middle + 1e-12).all()
    assert (found.high[some] >= found.middle - 1e-12).all()
    assert not found.outside[~some].any()


@CHEAP
@given(DAYS, st.integers(0, 30))
def test_young_days_get_no_verdict(days: list[tuple[int, int]], young: int) -> None:
    n, k = (np.array(column) for column in zip(*days, strict=True))
    is_complete = np.arange(len(n)) < len(n) - young
    assert not control(n, k, is_complete, RULES).outside[~is_complete].any()


def test_calm_shops_are_hardly_ever_outside() -> None:
    chance = np.random.default_rng(7)
    outside = days = 0
    for _ in range(200):
        n = chance.integers(3, 200, 80)
        k = chance.binomial(n, chance.uniform(0.01, 0.15))
        outside += int(control(n, k, every(n), RULES).outside.sum())
        days += len(n)
    assert outside / days <= 2 * RULES.tail


def test_a_bad_week_does_not_hide_itself() -> None:
    n, k = np.full(80, 100), np.full(80, 4)
    k[40:47] = 30
    found = control(n, k, every(n), RULES)
    assert found.outside.tolist() == [40 <= day < 47 for day in range(80)]
    assert found.middle == pytest.approx(0.04)


def test_lively_shops_have_a_wider_range() -> None:
    """Weekdays and weekends differ by more than chance: that is their habit, not news."""
    n = np.full(80, 400)
    k = np.where(np.arange(80) % 2 == 0, 60, 20)
    assert not control(n, k, every(n), RULES).outside.any()


def test_too_few_days_have_no_range() -> None:
    n = np.full(RULES.least_days - 1, 50)
    found = control(n, n // 10, every(n), RULES)
    assert found.middle is None
    assert np.isnan(found.low).all()


def test_the_range_of_large_days_is_that_of_exact_binomials() -> None:
    # Every day has the same share, so that the days scatter less than chance makes them and the
    # ends are those of the binomial where they are wider than so many standard deviations.
    n = np.array([40, 400, 1_000, 4_000] * RULES.least_days)
    found = control(n, n // 20, every(n), RULES)
    assert found.middle == 0.05
    for size, low, high in list(zip(n.tolist(), found.low, found.high, strict=True))[:4]:
        below, k, least = 0.0, 0, None
        while below < 1 - RULES.tail:
            least = k if least is None and below <= RULES.tail < below + point(size, k) else least
            below, k = below + point(size, k), k + 1
        wide = RULES.sigmas * (0.05 * 0.95 / size) ** 0.5
        assert low == pytest.approx(max(min(0.05 - wide, (least or 0) / size), 0))
        assert high == pytest.approx(max(0.05 + wide, (k - 1) / size))


def point(n: int, k: int) -> float:
    return float(comb(n, k) * Fraction(1, 20) ** k * Fraction(19, 20) ** (n - k))
