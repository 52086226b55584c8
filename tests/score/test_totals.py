"""From metric scores to dimensions, totals, stars, and the reasons for none."""

import pytest

from servicescore.calc.stars import shown
from tests.score.figures import score, scores, shop


def test_a_usual_shop_has_the_usual_score() -> None:
    """Every metric stands on its anchor for 4.6, but the returns, which are at 4.6 too."""
    found = score()
    assert found["state"] == "scored"
    assert found["total"] == pytest.approx(4.6)
    assert found["stars"] == 4.5


def test_a_dimension_is_the_mean_of_its_present_metrics() -> None:
    """Without enough reviews, quality refunds stand alone for the product."""
    both = score(quality_refund_rate=(0.03, 200))
    alone = score(quality_refund_rate=(0.03, 200), product_rating=(4.9, 9))
    assert both["dimensions"]["product"]["score"] == pytest.approx((4.6 + 4.2) / 2)
    assert alone["dimensions"]["product"]["score"] == pytest.approx(4.2)


def test_a_missing_dimension_gives_its_weight_to_the_others() -> None:
    """Nobody asked anything."""
    found = score(reply_3min_rate=None, dispute_rate=(0.0, 200))
    assert found["dimensions"]["consult"]["score"] is None
    assert found["total"] == pytest.approx((3 * 4.6 + 5.0) / 4)


def test_three_dimensions_make_a_total_and_two_do_not() -> None:
    """The metric and dimension scores stay either way."""
    aftersales = {"refund_only_hours": None, "return_refund_hours": None}
    assert score(reply_3min_rate=None, **aftersales)["state"] == "scored"
    found = score(reply_3min_rate=None, dispute_rate=(0, 29), **aftersales)
    assert found["state"] == "too_few_dimensions"
    assert found["total"] is None
    assert found["stars"] is None
    assert found["dimensions"]["product"]["score"] == pytest.approx(4.6)


def test_below_thirty_signed_orders_there_is_no_total() -> None:
    """Whatever else the shop has; checked before dimensions are."""
    assert score(signed=30)["state"] == "scored"
    assert score(signed=29)["state"] == "too_few_orders"
    assert score(signed=29, reply_3min_rate=None, dispute_rate=None)["state"] == "too_few_orders"


@pytest.mark.parametrize("industry", ["local_life", "outdoor_services"])
def test_some_industries_are_never_scored(industry: str) -> None:
    """Values and n are shown; no ranks, no scores, and nobody is anybody's peer."""
    found = scores([shop() for _ in range(12)] + [shop(signed=3)], industry)
    assert {row["state"] for row in found} == {"industry_not_scored"}
    receipt = found[0]["metrics"]["product_rating"]
    assert (receipt["value"], receipt["n"]) == (pytest.approx(4.7), 40)
    assert (receipt["percentile"], receipt["score"], receipt["peers"]) == (None, None, 0)
    assert all(d["score"] is None for d in found[0]["dimensions"].values())
    assert found[0]["estimate"] is False


@pytest.mark.parametrize(
    ("metric", "minimum"),
    [
        ("product_rating", 10),
        ("quality_refund_rate", 30),
        ("ship_on_time_rate", 30),
        ("refund_only_hours", 5),
        ("return_refund_hours", 5),
        ("reply_3min_rate", 20),
        ("dispute_rate", 30),
    ],
)
def test_a_metric_is_present_from_its_minimum_on(metric: str, minimum: int) -> None:
    """One record fewer, and it shows a value without rank and score."""
    enough = score(**{metric: (0.02, minimum)})["metrics"][metric]
    few = score(**{metric: (0.02, minimum - 1)})["metrics"][metric]
    assert enough["present"] is True
    assert enough["score"] is not None
    assert few["present"] is False
    assert few["score"] is None
    assert few["n"] == minimum - 1
    assert few["value"] == pytest.approx(enough["value"], abs=1e-4)


def test_nothing_at_all_has_no_value_and_counts_nothing() -> None:
    """An empty shop."""
    receipt = score(signed=0, product_rating=None)["metrics"]["product_rating"]
    assert (receipt["value"], receipt["n"], receipt["present"]) == (None, 0, False)


def test_a_shop_without_a_total_is_a_peer_all_the_same() -> None:
    """Its metrics are ranked and rank others; its total is not."""
    found = scores([shop() for _ in range(9)] + [shop(signed=29)])
    assert found[0]["metrics"]["dispute_rate"]["peers"] == 10
    assert found[0]["metrics"]["dispute_rate"]["percentile"] == 1.0
    assert found[0]["peers_n"] == 9
    assert found[0]["percentile"] is None


@pytest.mark.parametrize(
    ("value", "text"),
    [(4.565, "4.57"), (4.564999999, "4.56"), (4.005, "4.01"), (5.0, "5.00"), (4.125, "4.13")],
)
def test_halves_are_shown_rounded_up(value: float, text: str) -> None:
    """As they are written, not as binary fractions happen to lie."""
    assert shown(value, 2) == text
