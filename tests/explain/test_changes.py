"""The parts of a change: each says what it is about, and together they are the change."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servicescore.calc.changes import PARTS, ChangeParts, Night, Turn, change_parts
from servicescore.calc.receipts import score_content
from servicescore.calc.rules import ScoreRules
from servicescore.calc.scoring import industry_scores
from servicescore.calc.windows import Integers, window_sums
from servicescore.metrics import metrics
from servicescore.rules import compiled_score_rules
from servicescore.selectors.daily import STORED_COLUMNS
from servicescore.selectors.standpoint import Results
from tests.score.figures import RULES

DAY = date(2024, 3, 1)
OLD_RULES = compiled_score_rules("shop-score")
# What a record adds to a numerator at most, by column.
LARGEST = {
    f"{stem}_num": 5 if metric.unit == "stars" else 400_000 if metric.unit == "hours" else 1
    for metric in metrics().values()
    for stem in metric.stems
}


def market_days(seed: int, shops: int, days: int) -> Integers:
    """Random days [newest first, shops, columns] with few records, so that metrics come and go."""
    chance = np.random.default_rng(seed)
    found = np.zeros((days, shops, len(STORED_COLUMNS)), dtype=np.int64)
    busy = chance.uniform(0.02, 0.6, shops)
    found[:, :, 0] = chance.poisson(busy, (days, shops))
    for place, name in enumerate(STORED_COLUMNS):
        if name.endswith("_num"):
            den = chance.poisson(busy, (days, shops))
            found[:, :, place] = den * chance.integers(0, LARGEST[name] + 1, (days, shops))
            found[:, :, place + 1] = den
    return found


def night(window: Integers, rules: ScoreRules = RULES, day: date = DAY) -> Results:
    """What a night stores from a window."""
    sums = window_sums(window[: rules.window_days], STORED_COLUMNS, rules.half_life)
    found = industry_scores(sums, rules, "clothing", {})
    frame = {"industry": "clothing", "rule_hash": rules.hash}
    results = {shop: score_content(found, rules, shop) | frame for shop in range(window.shape[1])}
    return Results(day, rules, results)


def turn_of(window: Integers, shop: int) -> Turn:
    """The newest of the days given and the oldest."""
    entering, leaving = (
        dict(zip(STORED_COLUMNS, row[shop].tolist(), strict=True))
        for row in (window[0], window[-1])
    )
    return Turn(entering, leaving)


def change(before: Results, after: Results, window: Integers, new: Results | None = None) -> Any:
    """The parts for the first shop."""
    return change_parts(
        Night(before.stand(0), before.by_shop[0]["total"]),
        (new or before).stand(0),
        Night(after.stand(0), after.by_shop[0]["total"]),
        turn_of(window, 0),
    )


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 14), st.booleans(), st.booleans())
def test_the_parts_add_up_to_the_change(
    seed: int, shops: int, with_late_facts: bool, with_new_rules: bool
) -> None:
    """Whatever happened between the two nights."""
    window = market_days(seed, shops, RULES.window_days + 1)
    known = window.copy()
    if with_late_facts:
        known[3:60] = market_days(seed + 1, shops, 57)
    rules = OLD_RULES if with_new_rules else RULES
    before = night(known[1:], rules, DAY - timedelta(days=1))
    found = change(before, night(window), window, night(known[1:]))
    assert_adds_up(found)


def assert_adds_up(found: ChangeParts) -> None:
    """Parts to the change, metrics to their part."""
    if found.previous_total is None or found.total is None:
        assert not found.parts
        return
    assert tuple(found.parts) == PARTS
    assert sum(found.parts.values()) == pytest.approx(found.total - found.previous_total, abs=1e-9)
    for part, points in found.by_metric.items():
        assert sum(points.values()) == pytest.approx(found.parts[part], abs=1e-8)


BUSY = 20


def busy_market(seed: int) -> Integers:
    """A market in which every metric is present on both nights."""
    window = market_days(seed, BUSY, RULES.window_days + 1)
    for _ in range(4):
        window += market_days(seed + 1, BUSY, RULES.window_days + 1)
        seed += 1
    return window


def total_with(own: Integers, others: Integers) -> float:
    """The total of the first shop with its own days among the others'."""
    window = others.copy()
    window[:, 0] = own[:, 0]
    total: float = night(window).by_shop[0]["total"]
    return total


def test_each_part_is_what_its_replacement_does() -> None:
    """Scored anew with one thing after another replaced."""
    window = busy_market(7)
    known = window.copy()
    known[5, 0] += 3 * (known[5, 0] > 0)
    before, after = night(known[1:], day=DAY - timedelta(days=1)), night(window)
    found = change(before, after, window)
    without_oldest = window[1:].copy()
    without_oldest[-1] = 0
    then = known[1:]
    totals = [
        before.by_shop[0]["total"],
        before.by_shop[0]["total"],
        total_with(window[1:], then),
        total_with(without_oldest, then),
        total_of_today_among(window, then),
        after.by_shop[0]["total"],
        after.by_shop[0]["total"],
    ]
    assert list(found.parts.values()) == pytest.approx(np.diff(totals).tolist(), abs=1e-9)
    assert found.parts["corrections"] != 0
    assert found.parts["rule"] == found.parts["presence"] == 0
    assert found.joined == found.left == ()
    assert_adds_up(found)


def total_of_today_among(window: Integers, then: Integers) -> float:
    """The first shop's sums of today among the others of yesterday."""
    todays = window_sums(window[:-1], STORED_COLUMNS, RULES.half_life)
    sums = window_sums(then, STORED_COLUMNS, RULES.half_life)
    for ours, theirs in ((sums.plain, todays.plain), (sums.weighted, todays.weighted)):
        for name, column in ours.items():
            column[0] = theirs[name][0]
    total: float = industry_scores(sums, RULES, "clothing", {}).total[0]
    return total


def test_without_late_facts_nothing_is_corrected_to_the_last_bit() -> None:
    window = busy_market(3)
    found = change(night(window[1:]), night(window), window)
    assert found.parts["corrections"] == 0


def test_a_metric_that_gets_its_records_joins_in_the_last_part() -> None:
    """Fewer than five cases yesterday, five today: until then it is not there."""
    window = busy_market(11)
    den = STORED_COLUMNS.index("refund_only_hours_den")
    window[:, 0, den - 1 : den + 1] = 0
    window[10:14, 0, den - 1 : den + 1] = (7200, 1)
    window[0, 0, den - 1 : den + 1] = (7200, 1)
    found = change(night(window[1:]), night(window), window)
    assert found.joined == ("refund_only_hours",)
    assert found.parts["presence"] != 0
    assert all(points["refund_only_hours"] == 0 for points in found.by_metric.values())
    assert_adds_up(found)


def test_a_metric_that_loses_its_last_record_leaves_in_the_last_part() -> None:
    """Until then it keeps the value it had."""
    window = busy_market(12)
    den = STORED_COLUMNS.index("refund_only_hours_den")
    window[:, 0, den - 1 : den + 1] = 0
    window[-1, 0, den - 1 : den + 1] = (5 * 7200, 5)
    found = change(night(window[1:]), night(window), window)
    assert found.left == ("refund_only_hours",)
    assert found.parts["presence"] != 0
    assert_adds_up(found)


def test_new_rules_are_a_part_of_their_own() -> None:
    """Yesterday's facts under today's rules, before anything else."""
    window = busy_market(5)
    by_old, by_new = night(window[1:], OLD_RULES), night(window[1:])
    found = change(by_old, night(window), window, by_new)
    totals = [results.by_shop[0]["total"] for results in (by_old, by_new)]
    assert found.parts["rule"] == pytest.approx(totals[1] - totals[0], abs=1e-9)
    assert_adds_up(found)


def test_a_night_without_a_total_has_no_parts() -> None:
    window = np.zeros((RULES.window_days + 1, 2, len(STORED_COLUMNS)), dtype=np.int64)
    found: ChangeParts = change(night(window[1:]), night(window), window)
    empty: Mapping[str, float] = {}
    assert (found.previous_total, found.total, found.parts) == (None, None, empty)
