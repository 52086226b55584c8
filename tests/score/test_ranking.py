"""Ranks among peers, and what a rank and an anchor are worth."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servicescore.calc.ranking import percentiles
from tests.score.figures import RULES, score, scores, shop

NAN = float("nan")


def ranks(values: list[float], better: str = "high") -> list[float]:
    """Percentiles of the values as the rule set ranks."""
    return percentiles(
        np.array(values), better=better, peers=RULES.peers, decimals=RULES.decimals
    ).tolist()


def test_the_best_of_ten_has_rank_one_and_the_worst_rank_zero() -> None:
    """The share of the other shops that are not better."""
    assert ranks([float(n) for n in range(10)]) == [n / 9 for n in range(10)]
    assert ranks([float(n) for n in range(10)], "low") == [n / 9 for n in reversed(range(10))]


def test_among_nine_there_is_no_rank() -> None:
    """Shops without a value are nobody's peers."""
    assert np.isnan(ranks([1.0] * 9 + [NAN] * 5)).all()
    assert np.isnan(ranks([1.0] * 10 + [NAN])).tolist() == [False] * 10 + [True]


def test_equals_share_the_better_rank() -> None:
    """A tie for the best is best for both; all equal are all best."""
    assert ranks([1.0] * 10) == [1.0] * 10
    assert ranks([3.0, 3.0] + [1.0] * 8)[:2] == [1.0, 1.0]
    assert ranks([1.0, 1.0] + [3.0] * 8)[:2] == [1 / 9, 1 / 9]


def test_what_agrees_in_nine_decimals_is_equal() -> None:
    """The last bits of a sum decide nothing, the ninth decimal does."""
    assert ranks([0.5, 0.5 + 4e-10] + [0.1] * 8)[:2] == [1.0, 1.0]
    assert ranks([0.5, 0.5 + 2e-9] + [0.1] * 8)[:2] == [8 / 9, 1.0]


@settings(deadline=None)
@given(
    st.lists(st.sampled_from([0.1, 0.2, 0.25, 0.3, 0.9, NAN]), min_size=1, max_size=25),
    st.sampled_from(["high", "low"]),
)
def test_a_rank_is_what_counting_says(values: list[float], better: str) -> None:
    """Against the sentence of the rule, counted shop by shop."""
    there = [v for v in values if v == v]
    for value, rank in zip(values, ranks(values, better), strict=True):
        if value != value or len(there) < 10:
            assert np.isnan(rank)
            continue
        worse = sum(v < value if better == "high" else v > value for v in there)
        assert rank == pytest.approx((worse + there.count(value) - 1) / (len(there) - 1))


@pytest.mark.parametrize(
    ("rank", "worth"),
    [(0, 3.0), (0.05, 3.25), (0.1, 3.5), (0.3, 4.2), (0.45, 4.4), (0.6, 4.6), (0.8, 4.8), (1, 5.0)],
)
def test_a_rank_is_worth_what_the_curve_says(rank: float, worth: float) -> None:
    """Straight between its points."""
    assert RULES.curve.at(np.array([rank]))[0] == pytest.approx(worth)


@pytest.mark.parametrize(
    ("metric", "value", "worth"),
    [
        ("product_rating", 3.0, 3.0),
        ("product_rating", 4.6, 4.4),
        ("product_rating", 5.0, 5.0),
        ("quality_refund_rate", 0.2, 3.0),
        ("quality_refund_rate", 0.04, 3.85),
        ("quality_refund_rate", 0.0, 5.0),
        ("pay_to_sign_hours_domestic", 84.0, 4.4),
        ("pay_to_sign_hours_bonded", 126.0, 4.4),
        ("pay_to_sign_hours_direct", 210.0, 4.4),
    ],
)
def test_a_value_is_worth_what_its_anchors_say(metric: str, value: float, worth: float) -> None:
    """Straight between anchors, flat outside, stretched for bonded and direct orders."""
    name = next(name for name in RULES.metrics if metric.startswith(name))
    assert RULES.metrics[name].anchors[metric].at(np.array([value]))[0] == pytest.approx(worth)


def test_a_shop_alone_is_scored_by_anchors_and_marked_as_an_estimate() -> None:
    """Without ranks nothing is blended."""
    found = score(reply_3min_rate=(0.85, 50))
    assert found["metrics"]["reply_3min_rate"]["score"] == pytest.approx(4.7)
    assert found["metrics"]["reply_3min_rate"]["percentile"] is None
    assert found["estimate"] is True
    assert found["percentile"] is None


def test_among_ten_half_the_score_is_rank() -> None:
    """The best of ten equal shops but one: rank 1 is worth 5.0, a rate of 0.85 is worth 4.7."""
    found = scores([shop(reply_3min_rate=(0.85, 50)), *(shop() for _ in range(9))])
    assert found[0]["metrics"]["reply_3min_rate"]["score"] == pytest.approx((5.0 + 4.7) / 2)
    assert found[0]["estimate"] is False
    assert found[0]["percentile"] == 1.0


def test_one_metric_without_ranks_makes_the_score_an_estimate() -> None:
    """Ten shops, of which nine have enough reviews."""
    market = [shop() for _ in range(9)] + [shop(product_rating=(4.7, 9))]
    found = scores(market)
    assert [row["estimate"] for row in found] == [True] * 9 + [False]


def test_the_marks_of_an_industry_need_ten_shops_too() -> None:
    """So that no shop can be read off the middle."""
    receipt = scores([shop() for _ in range(9)])[0]["metrics"]["dispute_rate"]
    assert (receipt["peer_mid"], receipt["peer_top"], receipt["peers"]) == (None, None, 9)
    rates = [shop(dispute_rate=(n / 1000, 200)) for n in range(1, 12)]
    receipt = scores(rates)[0]["metrics"]["dispute_rate"]
    assert receipt["peer_mid"] == pytest.approx(0.006)
    assert receipt["peer_top"] == pytest.approx(0.0015)
