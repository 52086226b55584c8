"""What findings come to together counts every returned line once."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftersales.calc.overlap import Part, Whole, counted_once

ROUNDING = 1e-9


def part(lines: set[int], share: float, fen: int | None) -> Part:
    excess = share * len(lines)
    return Part(np.array(sorted(lines)), excess, None if fen is None else excess * fen)


# A finding has lines, of which some share is too much, at a mean refund in fen or none known.
shares, refunds = st.floats(0.01, 1), st.none() | st.integers(1, 100_000)
findings = st.builds(part, st.sets(st.integers(0, 40), min_size=1), shares, refunds)
several = st.lists(findings, min_size=1, max_size=8)


def fen_of(parts: list[Part]) -> list[float]:
    return [one.excess_fen or 0 for one in parts]


@given(several)
def test_the_whole_is_at_least_the_largest_finding(parts: list[Part]) -> None:
    whole = counted_once(parts)
    assert whole.excess >= max(one.excess for one in parts) * (1 - ROUNDING)
    assert (whole.excess_fen or 0) >= max(fen_of(parts)) * (1 - ROUNDING)


@given(several)
def test_the_whole_is_at_most_the_sum(parts: list[Part]) -> None:
    whole = counted_once(parts)
    assert whole.excess <= sum(one.excess for one in parts) * (1 + ROUNDING)
    assert (whole.excess_fen or 0) <= sum(fen_of(parts)) * (1 + ROUNDING)


@given(several)
def test_findings_that_share_no_line_add_up(parts: list[Part]) -> None:
    apart = [
        Part(one.lines + 100 * place, one.excess, one.excess_fen) for place, one in enumerate(parts)
    ]
    whole = counted_once(apart)
    assert whole.excess == pytest.approx(sum(one.excess for one in parts))
    assert (whole.excess_fen or 0) == pytest.approx(sum(fen_of(parts)))


@given(several)
def test_the_order_of_findings_is_no_matter(parts: list[Part]) -> None:
    assert counted_once(parts[::-1]).excess == pytest.approx(counted_once(parts).excess)


def test_money_nobody_knows_stays_unknown() -> None:
    assert counted_once([part({1, 2}, 0.5, None)]) == Whole(1.0, None)
    assert counted_once([]) == Whole(0.0, None)
