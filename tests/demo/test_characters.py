"""The characters keep to their stories, and the market spreads as markets do."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from shopguard.demo import cast, generate
from tests.demo.scoring import DIMENSIONS, Market

DATES = 200


@pytest.fixture(scope="module", params=[None, date(2024, 9, 3)], ids=["day zero", "in autumn"])
def stage(
    request: pytest.FixtureRequest, market: Market, tmp_path_factory: pytest.TempPathFactory
) -> Market:
    """The market on two days, as its stories are told in days from today."""
    if request.param is None:
        return market
    path: Path = tmp_path_factory.mktemp("autumn")
    generate.write(path, request.param)
    return Market(path, request.param)


def totals(market: Market, shop: str, days_back: Sequence[int]) -> list[float]:
    return [market.scores(back).of(shop) for back in days_back]


def test_the_slipping_shop_has_been_falling_for_weeks_and_falls_still(stage: Market) -> None:
    before, since, today = totals(stage, cast.SLIPPING, (70, 20, 0))
    assert before > 4.72
    assert before - since > 0.03
    assert since - today > 0.03
    assert before - today > 0.07


def test_the_healthy_shop_stays_on_top(stage: Market) -> None:
    assert min(totals(stage, cast.HEALTHY, range(0, DATES, 20))) >= 4.8


def test_the_shaken_shop_dips_at_once_and_then_recovers(stage: Market) -> None:
    before, *after = totals(stage, cast.SHAKEN, range(62, -1, -2))
    lowest = int(np.argmin(after))
    assert before - after[lowest] > 0.2
    assert lowest < 20
    assert after[-1] - after[lowest] > 0.05
    assert after[-1] < before


def test_the_recovering_shop_has_climbed_out_of_its_trough(stage: Market) -> None:
    path = totals(stage, cast.RECOVERING, range(DATES, -1, -5))
    lowest = int(np.argmin(path))
    assert path[0] - path[lowest] > 0.05
    assert path[-1] - path[lowest] > 0.3
    assert lowest < len(path) / 2


def test_too_small_has_too_few_orders_for_a_total(stage: Market) -> None:
    scores, place = stage.scores(), stage.ids.index(cast.TOO_SMALL)
    assert 10 <= scores.signed[place] < 30
    assert np.isnan(scores.total[place])


def test_the_newcomer_got_its_first_total_weeks_ago(stage: Market) -> None:
    first, now = totals(stage, cast.NEWCOMER, (45, 0))
    assert np.isnan(first)
    assert now > 3


def test_a_shop_with_bare_files_has_orders_enough_and_too_few_dimensions(stage: Market) -> None:
    scores, place = stage.scores(), stage.ids.index("SG-0645")
    present = [name for name in DIMENSIONS if np.isfinite(scores.dimension[name][place])]
    assert scores.signed[place] >= 30
    assert len(present) < 3


def test_most_totals_lie_between_4_2_and_4_8_and_some_far_from_there(stage: Market) -> None:
    total = stage.scores().total
    total = total[np.isfinite(total)]
    usual = (total >= 4.2) & (total <= 4.8)
    assert total.size >= 50
    assert 0.6 < usual.mean() < 0.9
    assert 3.05 < total.min() < 3.6
    assert 4.8 < total.max() <= 4.97


def test_totals_move_in_small_steps(stage: Market) -> None:
    path = np.stack([stage.scores(back).total for back in range(60)])
    steps = np.abs(np.diff(path, axis=0))
    assert np.nanmedian(steps) < 0.01
    assert np.nanquantile(steps, 0.99) < 0.1
