"""The tests are exact to the last digits, and false discovery is controlled as in the books."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftersales.calc.exact import binomial_midp, discoveries, hypergeometric_midp

DIGITS = 1e-11


def array(value: int) -> np.ndarray:
    return np.array([value])


@given(st.integers(2, 400), st.data())
def test_mid_p_of_a_cut_is_the_sum_of_its_fractions(rows: int, data: st.DataObject) -> None:
    n, hits = data.draw(st.integers(1, rows)), data.draw(st.integers(0, rows))
    k = data.draw(st.integers(max(0, n + hits - rows), min(n, hits)))
    chances = [Fraction(comb(hits, x) * comb(rows - hits, n - x), comb(rows, n))
               for x in range(k, min(n, hits) + 1)]  # fmt: skip
    exact = float(sum(chances) - chances[0] / 2) if k * rows > n * hits else 1
    found = hypergeometric_midp(array(n), array(k), array(rows), array(hits))[0]
    assert found == pytest.approx(exact, rel=DIGITS)


@given(st.integers(1, 300), st.data())
def test_mid_p_of_a_reason_is_the_sum_of_its_fractions(n: int, data: st.DataObject) -> None:
    k = data.draw(st.integers(0, n))
    chances = [Fraction(comb(n, x) * 2 ** (n - x), 3**n) for x in range(k, n + 1)]
    exact = float(sum(chances) - chances[0] / 2) if 3 * k > n else 1
    assert binomial_midp(array(n), array(k), 1 / 3)[0] == pytest.approx(exact, rel=1e-9)


def test_mid_p_holds_for_a_million_lines() -> None:
    """Half a million lines at 8.2 % against half a million at 7.8 %."""
    n, k, rows, hits = (array(x) for x in (500_000, 41_000, 1_000_000, 80_000))
    assert hypergeometric_midp(n, k, rows, hits)[0] == pytest.approx(8.8e-14, rel=0.05)


@given(st.lists(st.floats(1e-12, 1), min_size=1, max_size=60), st.integers(0, 100))
def test_what_passes_is_what_benjamini_and_hochberg_say(p: list[float], more: int) -> None:
    family = len(p) + more
    ordered = sorted(p)
    limit = max((x for i, x in enumerate(ordered, 1) if x * family / i <= 0.05), default=-1.0)
    found = discoveries(np.array(p), family, 0.05)
    assert found.passes.tolist() == [x <= limit for x in p]
    assert all(q >= x * (1 - DIGITS) for x, q in zip(p, found.q.tolist(), strict=True))
