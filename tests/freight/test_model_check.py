"""Estimates are scored against what came back; blending beats both plain rivals."""

from datetime import date
from math import log

import pytest

from bench.rows.fee_model import tallied
from freightins.calc.check import Estimate, scored
from freightins.rules import compiled_fee_rules, cover_rules_on

CLIP = cover_rules_on(date(2024, 3, 1)).clip


def test_calibration_is_actual_by_expected_and_loss_is_per_order() -> None:
    found = scored([Estimate(0.1, 10, 2), Estimate(0.2, 5, 0)], CLIP)
    assert found.orders == 15
    assert found.calibration == pytest.approx(1.0)
    assert found.loss == pytest.approx(-(2 * log(0.1) + 8 * log(0.9) + 5 * log(0.8)) / 15)


def test_a_share_of_nought_is_kept_from_an_endless_loss() -> None:
    assert scored([Estimate(0.0, 1, 1)], CLIP).loss == pytest.approx(-log(CLIP))
    assert scored([Estimate(1.0, 1, 0)], CLIP).loss == pytest.approx(-log(CLIP))


def test_nothing_expected_has_no_calibration() -> None:
    assert scored([], CLIP).calibration is None


def test_on_made_up_portfolios_the_blended_rate_beats_both_rivals() -> None:
    tally = tallied(compiled_fee_rules("fee-empirical"))
    best, own, category = (
        scored(rows, CLIP) for rows in (tally.blended, tally.own, tally.category)
    )
    assert best.loss < own.loss
    assert best.loss < category.loss
    assert best.calibration is not None
    assert 0.95 <= best.calibration <= 1.05
