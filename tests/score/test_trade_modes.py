"""Payment to signing is scored apart for domestic, bonded and direct orders, then averaged."""

import pytest

from tests.score.figures import score, scores, shop

NAME = "pay_to_sign_hours"


def modes(**hours: tuple[float, int]) -> dict[str, tuple[float, int] | None]:
    """Only the given trade modes."""
    every = ("domestic", "bonded", "direct")
    return {f"{NAME}_{mode}": hours.get(mode) for mode in every}


def test_modes_are_averaged_by_what_they_weigh() -> None:
    """72 h domestic is worth 4.6, 180 h bonded (120 h stretched by 1.5) is worth 3.5."""
    receipt = score(**modes(domestic=(72, 30), bonded=(180, 10)))["metrics"][NAME]
    assert receipt["modes"]["domestic"]["score"] == pytest.approx(4.6)
    assert receipt["modes"]["bonded"]["score"] == pytest.approx(3.5)
    assert receipt["score"] == pytest.approx((30 * 4.6 + 10 * 3.5) / 40)
    assert receipt["value"] == pytest.approx((30 * 72 + 10 * 180) / 40)


def test_a_mode_below_ten_counts_in_the_value_but_not_in_the_score() -> None:
    """Nine direct orders."""
    receipt = score(**modes(domestic=(72, 30), direct=(900, 9)))["metrics"][NAME]
    assert receipt["n"] == 39
    assert receipt["value"] == pytest.approx((30 * 72 + 9 * 900) / 39)
    assert receipt["score"] == pytest.approx(4.6)
    assert receipt["modes"]["direct"]["score"] is None
    assert receipt["modes"]["direct"]["present"] is False


def test_below_thirty_over_all_modes_nothing_is_scored() -> None:
    """Twenty and nine show a value and n, no more."""
    receipt = score(**modes(domestic=(72, 20), bonded=(72, 9)))["metrics"][NAME]
    assert receipt["present"] is False
    assert receipt["n"] == 29
    assert receipt["value"] == pytest.approx(72)
    assert receipt["score"] is None
    assert receipt["modes"]["domestic"]["score"] is None


def test_peers_of_a_mode_are_those_whose_metric_is_present_with_ten_of_the_mode() -> None:
    """A shop with ten bonded orders and none else is nobody's peer."""
    few = shop(**modes(bonded=(10, 10)))
    market = [shop(**modes(bonded=(100 + n, 30))) for n in range(10)] + [few]
    found = [row["metrics"][NAME]["modes"]["bonded"] for row in scores(market)]
    assert found[0]["percentile"] == 1.0
    assert found[0]["peers"] == 10
    assert found[-1]["percentile"] is None


def test_a_percentile_is_the_same_average() -> None:
    """Best of ten domestic, worst of ten bonded, three to one."""
    market = [shop(**modes(domestic=(50, 30), bonded=(200, 10)))]
    market += [shop(**modes(domestic=(72, 30), bonded=(100, 10))) for _ in range(9)]
    assert scores(market)[0]["metrics"][NAME]["percentile"] == pytest.approx(0.75)


def test_a_mode_without_ranks_leaves_the_percentile_empty_and_makes_an_estimate() -> None:
    """Ten domestic shops, one of which also ships bonded."""
    market = [shop() for _ in range(9)] + [shop(**modes(domestic=(72, 30), bonded=(100, 10)))]
    found = scores(market)
    assert found[0]["metrics"][NAME]["percentile"] == 1.0
    assert found[0]["estimate"] is False
    assert found[9]["metrics"][NAME]["percentile"] is None
    assert found[9]["metrics"][NAME]["score"] is not None
    assert found[9]["estimate"] is True
