"""What a fix did: the interval holds the change, swaps with it, and says what it says."""

from datetime import date

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aftersales.calc.effect import IMPROVED, TOO_FEW, UNCHANGED, WORSE, Counts, effect, wilson
from aftersales.rules import diagnostic_rules_on

RULES = diagnostic_rules_on(date(2024, 3, 1)).effect
CHEAP = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
COUNTS = st.integers(RULES.least_lines, 3000).flatmap(
    lambda n: st.builds(Counts, st.just(n), st.integers(0, n))
)
NOBODY = Counts(0, 0)


@CHEAP
@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_the_interval_holds_the_change_and_swapping_sides_swaps_it(
    before: Counts, after: Counts, others_before: Counts, others_after: Counts
) -> None:
    one = effect(before, after, others_before, others_after, RULES)
    other = effect(after, before, others_after, others_before, RULES)
    assert one.change is not None
    assert one.low is not None
    assert one.high is not None
    assert one.low <= one.change <= one.high
    assert other.change == pytest.approx(-one.change)
    assert (other.low, other.high) == pytest.approx((-one.high, -one.low))
    swapped = {IMPROVED: WORSE, WORSE: IMPROVED, UNCHANGED: UNCHANGED}
    assert other.verdict == swapped[one.verdict]


@CHEAP
@given(COUNTS)
def test_the_interval_of_a_rate_holds_it(counts: Counts) -> None:
    low, high = wilson(counts, RULES.normal_95)
    assert 0 <= low <= counts.rate <= high <= 1


def test_what_changed_alike_everywhere_is_no_effect() -> None:
    before, after = Counts(500, 100), Counts(500, 50)
    assert effect(before, after, NOBODY, NOBODY, RULES).verdict == IMPROVED
    assert effect(before, after, before, after, RULES).verdict == UNCHANGED


def test_too_few_lines_get_no_verdict() -> None:
    few = Counts(RULES.least_lines - 1, 5)
    assert effect(few, Counts(500, 5), NOBODY, NOBODY, RULES).verdict == TOO_FEW


def test_fixes_without_an_effect_are_seldom_called_one() -> None:
    """One in twenty by the interval's own word; half of these on either side."""
    chance = np.random.default_rng(11)
    wrong = 0
    for _ in range(600):
        rate, n = chance.uniform(0.03, 0.3), chance.integers(60, 600, 4)
        counts = [Counts(int(size), int(chance.binomial(size, rate))) for size in n]
        wrong += effect(*counts, RULES).verdict != UNCHANGED
    assert wrong / 600 <= 0.07
