"""Ratios over groups have honest intervals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from freightins.calc.ratios import difference, interval_of, ratio_of, t_below, t_point

# Points of Student's t for 97.5 % (from printed tables).
PRINTED = {1: 12.706, 2: 4.303, 5: 2.571, 10: 2.228, 30: 2.042, 120: 1.980}
PAIRS = st.lists(st.tuples(st.integers(0, 50), st.integers(1, 200)), min_size=2, max_size=40)


@pytest.mark.parametrize(("freedom", "point"), PRINTED.items())
def test_points_of_student_are_those_of_printed_tables(freedom: int, point: float) -> None:
    assert t_point(0.975, freedom) == pytest.approx(point, abs=5e-4)


@given(st.floats(0.6, 0.999), st.integers(1, 400))
def test_the_point_of_a_share_has_that_share_below_it(share: float, freedom: int) -> None:
    assert t_below(t_point(share, freedom), freedom) == pytest.approx(share, abs=1e-9)


@given(PAIRS)
def test_a_ratio_is_that_of_the_sums_and_lies_in_its_interval(pairs: list[tuple[int, int]]) -> None:
    found = ratio_of(pairs)
    assert found is not None
    assert found.value == pytest.approx(sum(n for n, _ in pairs) / sum(d for _, d in pairs))
    interval = interval_of(found, 0.95)
    assert interval.low <= interval.value <= interval.high


@given(PAIRS, st.integers(2, 9))
def test_doubting_groups_and_not_orders(pairs: list[tuple[int, int]], times: int) -> None:
    """Ten times the orders in the same groups are no more certain."""
    one, more = ratio_of(pairs), ratio_of([(times * n, times * d) for n, d in pairs])
    assert one is not None
    assert more is not None
    assert more.error == pytest.approx(one.error)


@given(PAIRS, PAIRS)
def test_a_difference_the_other_way_round_has_the_other_sign(
    one: list[tuple[int, int]], other: list[tuple[int, int]]
) -> None:
    a, b = ratio_of(one), ratio_of(other)
    assert a is not None
    assert b is not None
    there, back = difference(a, b, 0.95), difference(b, a, 0.95)
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low))


def test_groups_without_a_denominator_say_nothing() -> None:
    assert ratio_of([]) is None
    assert ratio_of([(3, 0)]) is None
    found = ratio_of([(1, 10), (0, 0)])
    assert found is not None
    assert found.groups == 1
    assert interval_of(found, 0.95).high == float("inf")


def test_intervals_hold_what_they_promise_where_orders_of_a_group_are_alike() -> None:
    """Rates differ from product to product; 95 of a hundred intervals have the true rate inside."""
    random = np.random.default_rng(7)
    inside = 0
    for _ in range(400):
        rates = random.beta(4, 36, 25)
        orders = random.integers(20, 60, 25)
        found = ratio_of(list(zip(random.binomial(orders, rates), orders, strict=True)))
        assert found is not None
        interval = interval_of(found, 0.95)
        inside += interval.low <= 0.1 <= interval.high
    assert 0.90 <= inside / 400 <= 0.98
