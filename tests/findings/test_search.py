"""The search does not depend on what must not matter."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aftersales.calc.lines import lines_by_shop
from aftersales.calc.search import Search, search
from aftersales.findings import cuts
from bench.returns import clean_shop, planted_shop
from tests.findings.recipes import RULES, found_in, lines_of

SEEDS = range(6)
GROUPS = st.lists(
    st.fixed_dictionaries(
        {
            "n": st.integers(1, 60),
            "k": st.integers(0, 20),
            "sku": st.sampled_from(["", "a", "b"]),
            "hour": st.integers(0, 23),
            "reason": st.sampled_from(["", "质量问题", "不想要"]),
            "after": st.integers(0, 4),
            "reply": st.sampled_from([-2, -1, 59, 60, 700]),
            "refunded": st.sampled_from([-1, 0, 5_000]),
        }
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=25, deadline=None)
@given(GROUPS)
def test_the_order_of_lines_does_not_matter(groups: list[dict[str, int]]) -> None:
    frame = lines_of(groups)
    mixed = frame.sample(frac=1, random_state=1)
    [(_, lines)], [(_, again)] = lines_by_shop(frame), lines_by_shop(mixed)
    assert search(lines, RULES, cuts()) == search(again, RULES, cuts())


@settings(max_examples=25, deadline=None)
@given(GROUPS)
def test_figures_agree_with_each_other(groups: list[dict[str, int]]) -> None:
    found = found_in(groups)
    for one in found.findings:
        assert one.n_inside >= RULES.least_rows
        assert one.p <= one.q <= RULES.false_discovery
        assert one.excess > 0
        if one.cut[0][0] not in ("reason",) and one.cut[-1][0] != "days_after_order":
            assert one.n_inside + one.n_outside == found.rows
    assert [one.rank for one in found.findings] == list(range(1, len(found.findings) + 1))


def searched(seed: int, *, planted: bool) -> tuple[Search, tuple[tuple[str, str], ...]]:
    """A shop of the benchmark and the cut its cause shows in."""
    shop = (planted_shop if planted else clean_shop)(np.random.default_rng(seed))
    [(_, lines)] = lines_by_shop(shop.lines)
    return search(lines, RULES, cuts()), shop.cut


@pytest.mark.parametrize("seed", SEEDS)
def test_a_planted_cause_is_found(seed: int) -> None:
    found, cut = searched(10_000 + seed, planted=True)
    assert cut in [one.cut for one in found.findings]


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_found_in_a_clean_shop(seed: int) -> None:
    found, _ = searched(seed, planted=False)
    assert found.tested > 100
    assert found.findings == ()


def test_what_comes_back_less_is_not_found_once_the_returns_of_another_are_set_aside() -> None:
    groups = [
        {"n": 60, "k": 60, "sku": "a", "after": 3}, {"n": 240, "k": 40, "sku": "a", "after": 9},
        {"n": 300, "k": 40, "sku": "b", "after": 9}, {"n": 300, "k": 42, "sku": "c", "after": 8},
    ]  # fmt: skip
    cuts_found = [one.cut for one in found_in(groups).findings]
    assert (("sku", "a"),) in cuts_found
    assert (("sku", "b"),) not in cuts_found


def test_a_shop_without_returns_has_no_findings() -> None:
    assert found_in([{"n": 100, "sku": "a"}, {"n": 100, "sku": "b"}]).findings == ()


def test_a_shop_too_small_is_not_tested() -> None:
    assert found_in([{"n": 10, "k": 9, "sku": "a"}]).tested == 0
