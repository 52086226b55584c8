"""The interval beside a total is as wide as its records are few."""

from dataclasses import replace

import numpy as np

from bench.foresight import OUTLOOK, scores_of
from bench.histories import COLUMNS, PLACES, RULES, Maker, Shape
from servicescore.calc.interval import Interval, total_interval
from servicescore.calc.receipts import score_content
from servicescore.calc.weekly import Days
from servicescore.selectors.daily import STORED_COLUMNS
from servicescore.selectors.standpoint import Results
from tests.explain.test_changes import DAY

QUICK = replace(OUTLOOK, paths=200)


def intervals(volume: tuple[float, float], times: int = 1) -> list[tuple[float, Interval]]:
    """Totals and intervals of an industry of twelve."""
    chance = np.random.default_rng(8)
    days = Maker(Shape("one", shops=12, volume=volume), chance).history().window()
    days = Days(days.rows * times, days.columns)
    scores = scores_of(days)
    stored = {
        shop: score_content(scores, RULES, shop) | {"industry": "made-up", "rule_hash": RULES.hash}
        for shop in range(12)
    }
    results = Results(DAY, RULES, stored)
    found = []
    for shop in range(12):
        own = Days(days.rows[:, [shop]], PLACES)
        interval = total_interval(results.stand(shop), own, QUICK, np.random.default_rng(shop))
        if interval is not None:
            found.append((float(scores.total[shop]), interval))
    return found


def test_it_holds_the_total_and_stays_on_the_scale() -> None:
    for total, interval in intervals((2, 100)):
        assert 3 <= interval.low <= total <= interval.high <= 5


def test_few_records_make_it_wide() -> None:
    widths = [
        np.mean([one.high - one.low for _, one in intervals(volume)])
        for volume in ((1.5, 2), (150, 200))
    ]
    assert widths[0] > 2 * widths[1]


def test_a_shop_without_a_total_has_none() -> None:
    assert intervals((0.01, 0.02)) == []


def test_the_columns_of_made_up_histories_are_among_the_stored_ones() -> None:
    assert set(COLUMNS) <= set(STORED_COLUMNS)


def test_the_same_chance_gives_the_same_interval() -> None:
    assert intervals((5, 9)) == intervals((5, 9))
