"""One shop scored by itself among the others is the shop scored together with them."""

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servicescore.calc.gaps import gaps_to
from servicescore.calc.marginal import effects_on_total
from servicescore.calc.moving import value_of
from servicescore.calc.standpoint import Standpoint, scored_again
from servicescore.calc.what_if import Move, outcome_of, reach_of
from servicescore.selectors.standpoint import Results
from tests.score.figures import RULES, scores, shop

VALUES = {
    "product_rating": (3.5, 5.0),
    "quality_refund_rate": (0.0, 0.09),
    "ship_on_time_rate": (0.8, 1.0),
    "pay_to_sign_hours_domestic": (40.0, 170.0),
    "pay_to_sign_hours_bonded": (60.0, 250.0),
    "refund_only_hours": (1.0, 80.0),
    "return_refund_hours": (10.0, 170.0),
    "reply_3min_rate": (0.3, 1.0),
    "dispute_rate": (0.0, 0.04),
}


@st.composite
def markets(draw: st.DrawFn) -> list[dict[str, Any]]:
    """A dozen shops, some metrics of some without enough records."""
    made = []
    for _ in range(draw(st.integers(8, 13))):
        values = {
            stem: (draw(st.floats(*ends)), draw(st.sampled_from([0, 4, 12, 35, 200])))
            for stem, ends in VALUES.items()
        }
        made.append(shop(draw(st.sampled_from([20, 60, 300])), **values))
    return made


def stand_of(market: list[dict[str, Any]], place: int = 0) -> tuple[dict[str, Any], Standpoint]:
    """The stored result of one shop of a market and where it stands."""
    stored = {shop: {**one, "industry": "clothing"} for shop, one in enumerate(scores(market))}
    return stored[place], Results(date(2024, 3, 1), RULES, stored).stand(place)


@settings(max_examples=25)
@given(markets())
def test_a_shop_scored_against_the_field_gets_what_the_night_gave_it(
    market: list[dict[str, Any]],
) -> None:
    stored, stand = stand_of(market)
    outcome = outcome_of(stand, [])
    assert outcome.total == stored["total"]
    assert outcome.stars == stored["stars"]
    assert outcome.state == stored["state"]
    assert outcome.percentile == stored["percentile"]
    for name, one in outcome.metrics.items():
        kept = stored["metrics"][name]
        assert (one.value, one.score) == (kept["value"], kept["score"])
        assert one.percentile == kept["percentile"]
    for name, score in outcome.dimensions.items():
        assert score == stored["dimensions"][name]["score"]


@settings(max_examples=25)
@given(markets(), st.sampled_from(sorted(VALUES)), st.data())
def test_a_metric_moved_is_scored_as_if_the_night_had_found_it_there(
    market: list[dict[str, Any]], stem: str, data: st.DataObject
) -> None:
    """Of a metric with trade modes all move by the same factor."""
    _, stand = stand_of(market)
    metric = "pay_to_sign_hours" if stem.startswith("pay") else stem
    reach = reach_of(stand, metric)
    if reach is None:
        return
    low, high = sorted(reach)
    value = data.draw(st.floats(low, high))
    now = float(value_of(stand.sums, RULES.metrics[metric])[0])
    stems = [name for name in market[0] if name.startswith(metric)]
    factor = value / now if now else 0
    there = {s: (market[0][s][0] * factor if now else value, market[0][s][1]) for s in stems}
    again, _ = stand_of([{**market[0], **there}, *market[1:]])
    outcome = outcome_of(stand, [Move(metric, value=value)])
    assert outcome.total == pytest.approx(again["total"], abs=1e-6)


@settings(max_examples=25)
@given(markets(), st.sampled_from(["ship_on_time_rate", "refund_only_hours"]), st.data())
def test_the_effect_of_a_record_is_the_total_without_it_less_the_total_with_it(
    market: list[dict[str, Any]], stem: str, data: st.DataObject
) -> None:
    """Counted anew for the shop, the others as they are."""
    stored, stand = stand_of(market)
    weight = 1.0
    num = data.draw(st.integers(0, 1)) * RULES.metrics[stem].metric.scale
    effect = effects_on_total(stand, stem, np.array([weight]), np.array([num]), np.array([1]))[0]
    value, n = market[0].get(stem, (0, 0))
    if n < 2 or stored["total"] is None:
        return
    left = (value * n - num / RULES.metrics[stem].metric.scale) / (n - 1)
    again, _ = stand_of([{**market[0], stem: (left, n - 1)}, *market[1:]])
    if again["total"] is None:
        assert np.isnan(effect)
    else:
        assert effect == pytest.approx(again["total"] - stored["total"], abs=1e-6)


@settings(max_examples=20)
@given(markets(), st.sampled_from([3.5, 4.0, 4.5, 4.6, 4.8]))
def test_a_gap_is_the_nearest_value_that_reaches_the_bound(
    market: list[dict[str, Any]], bound: float
) -> None:
    """It reaches it, a little less does not, and where nothing reaches it the best does not."""
    _, stand = stand_of(market)
    now = scored_again(stand, stand.sums).total[0]
    for gap in gaps_to(stand, bound):
        assert gap.best_total >= now
        if gap.value is None:
            assert gap.best_total < bound
            continue
        there = outcome_of(stand, [Move(gap.metric, value=gap.value)]).total
        assert there is not None
        assert there >= bound
        if now < bound:
            less = gap.value + (gap.current - gap.value) * 1e-3
            before = outcome_of(stand, [Move(gap.metric, value=less)]).total
            assert before is not None
            assert before < bound


def test_parcels_turned_good_move_a_rate_and_no_more_than_there_were() -> None:
    """Two hundred orders, four of them late."""
    _, stand = stand_of([shop()])
    two = outcome_of(stand, [Move("ship_on_time_rate", records=2)])
    assert two.metrics["ship_on_time_rate"].value == pytest.approx(0.99)
    all_of_them = outcome_of(stand, [Move("ship_on_time_rate", records=9)])
    assert all_of_them.metrics["ship_on_time_rate"].value == pytest.approx(1)
    worse = outcome_of(stand, [Move("ship_on_time_rate", records=-4)])
    assert worse.metrics["ship_on_time_rate"].value == pytest.approx(0.96)


def test_a_gap_of_a_rate_names_the_records_that_close_it() -> None:
    """So many turned good reach the bound, one fewer does not."""
    _, stand = stand_of([shop(reply_3min_rate=(0.6, 100))])
    now = outcome_of(stand, []).total
    assert now is not None
    gap = next(g for g in gaps_to(stand, now + 0.03) if g.metric == "reply_3min_rate")
    assert gap.records is not None
    totals = [
        outcome_of(stand, [Move("reply_3min_rate", records=gap.records + more)]).total or 0
        for more in (-1, 0)
    ]
    assert totals[0] < now + 0.03 <= totals[1]


def test_nothing_is_promised_to_a_shop_without_a_total() -> None:
    _, stand = stand_of([shop(signed=5)])
    assert gaps_to(stand, 4.6) == []
    assert outcome_of(stand, []).state == "too_few_orders"
