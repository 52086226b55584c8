"""Only the 180 days before the score date count, the nearer the more."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servicescore.calc.windows import age_weights, dense_window, window_sums


def test_yesterday_weighs_one_and_halves_every_45_days() -> None:
    """The newest day has age 1."""
    weights = age_weights(180, 45)
    assert weights[0] == 1
    assert weights[45] == 0.5
    assert weights[90] == 0.25
    assert len(weights) == 180
    assert weights[179] == pytest.approx(0.5 ** (179 / 45), rel=1e-15)


def test_a_day_without_a_row_counts_nothing() -> None:
    """Rows land at their age, everything else is zero."""
    window = dense_window(
        np.array([1, 0]), np.array([1, 180]), np.array([[7], [3]]), shops=2, days=180
    )
    assert window[0, 1, 0] == 7
    assert window[179, 0, 0] == 3
    assert window.sum() == 10


@settings(deadline=None)
@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=180), st.integers(0, 10**9))
def test_sums_have_the_same_bits_whoever_else_is_there(days: list[int], other: int) -> None:
    """A shop's weighted sum does not depend on the shops or columns beside it."""
    alone = np.array(days, dtype=np.int64)[:, None, None]
    beside = np.full((len(days), 5, 3), other, dtype=np.int64)
    beside[:, 3, 1] = alone[:, 0, 0]
    one = window_sums(alone, ["a"], 45)
    many = window_sums(beside, ["x", "a", "y"], 45)
    assert one.weighted["a"][0] == many.weighted["a"][3]
    assert one.plain["a"][0] == many.plain["a"][3] == sum(days)
