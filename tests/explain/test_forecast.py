"""The forecast: its band holds what comes, and what has not happened yet can happen."""

from dataclasses import replace

import numpy as np
import pytest

from bench.foresight import OUTLOOK, Tried, tried
from bench.histories import AHEAD, PLACES, RULES, History, Maker, Shape
from servicescore.calc.forecast import (
    Prospect,
    band_of,
    coming_of,
    prospect_of,
    simulated,
    sums_ahead,
)
from servicescore.calc.weekly import Days

QUICK = replace(OUTLOOK, paths=120)


def prospect(history: History, horizon: int = AHEAD) -> Prospect:
    """What the shops of a made-up industry share."""
    return prospect_of(history.window(), RULES, QUICK, "made-up", {}, horizon)


@pytest.fixture(scope="module")
def history() -> History:
    """A dozen shops of all sizes."""
    return Maker(Shape("steady", shops=12), np.random.default_rng(4)).history()


@pytest.fixture(scope="module")
def steady() -> Tried:
    """Sixty shops on four horizons, the same every time."""
    return tried(Shape("steady", shops=30), 2, 3, QUICK)


def test_the_band_holds_about_eight_of_ten_totals(steady: Tried) -> None:
    """The full trial is `make bench`; so few shops leave more room."""
    assert len(steady.came) == 240
    assert 0.68 <= steady.held <= 0.9


def test_the_expected_total_is_nearer_than_that_of_today(steady: Tried) -> None:
    assert steady.error < steady.error_of_today


def test_the_band_costs_less_than_one_of_one_width(steady: Tried) -> None:
    assert steady.cost < steady.cost_of_best_constant


def test_shops_that_changed_forty_days_ago_are_seen_to_have_changed() -> None:
    found = tried(Shape("jump", shops=30, changed=1), 2, 5, QUICK)
    assert found.error < 0.95 * found.error_of_today


def test_every_band_is_in_order_and_on_the_scale(history: History) -> None:
    whole = prospect(history)
    for shop in range(12):
        band = band_of(whole, shop, np.random.default_rng(shop))
        assert (band.low <= band.expected).all()
        assert (band.expected <= band.high).all()
        assert band.low.min() >= 3
        assert band.high.max() <= 5


def test_the_same_chance_gives_the_same_band(history: History) -> None:
    bands = [band_of(prospect(history), 3, np.random.default_rng([7, 1])) for _ in range(2)]
    assert bands[0].low.tolist() == bands[1].low.tolist()


def test_what_never_happened_can_happen() -> None:
    """A shop without a complaint in an industry that has some."""
    made = Maker(Shape("rare", shops=20, volume=(20, 40)), np.random.default_rng(1)).history()
    rows = made.rows.copy()
    rows[:, 0, PLACES["dispute_rate_num"]] = 0
    whole = prospect(History(rows, made.changed, made.volume))
    chance = np.random.default_rng(2)
    coming = coming_of(whole, 0, chance)
    tickets = sums_ahead(whole, 0, coming, chance).plain["dispute_rate_num"]
    assert tickets.max() > 0
    assert tickets.mean() < 0.004 * 60 * 40


def test_a_shop_that_has_no_total_ahead_has_no_band() -> None:
    """Too few orders now, and the past says nothing else."""
    made = Maker(Shape("thin", shops=3, volume=(0.01, 0.02)), np.random.default_rng(1)).history()
    whole = prospect(made, horizon=7)
    assert np.isnan(simulated(whole, 0, np.random.default_rng(1))).all()
    assert np.isnan(band_of(whole, 0, np.random.default_rng(1)).expected).all()


def test_an_industry_without_any_fact_is_no_fault() -> None:
    rows = np.zeros((RULES.window_days, 2, len(PLACES)), dtype=np.int64)
    whole = prospect_of(Days(rows, PLACES), RULES, QUICK, "made-up", {}, 7)
    assert np.isnan(band_of(whole, 0, np.random.default_rng(1)).low).all()


@pytest.mark.parametrize("horizon", [0, -1, 180])
def test_the_days_ahead_must_fit_the_window(history: History, horizon: int) -> None:
    with pytest.raises(ValueError, match="must be fewer"):
        prospect(history, horizon)
