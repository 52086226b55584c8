"""Why a total moved: what each metric added stands for the whole change."""

from dataclasses import replace

import pytest

from servicescore.selectors.movement import movement
from servicescore.selectors.scores import score_newest_two
from tests.pages.conftest import AFTERNOON
from tests.pages.market import Market

NAMES = ("plum", "lone", "peer-001", "peer-005", "peer-009", "peer-012")


@pytest.mark.parametrize("name", NAMES)
def test_parts_add_up_to_the_change(market: Market, name: str) -> None:
    view, before = score_newest_two(market.shops[name], now=AFTERNOON, staff=True)
    told = movement(view, before)
    assert told is not None
    assert told.is_split
    total = sum(part.points for part in told.parts) + told.others
    assert total == pytest.approx(told.change, abs=2e-9)
    assert told.others_count + len(told.parts) == len(view.metrics)


def test_the_strongest_part_comes_first_and_fills_its_half(market: Market) -> None:
    view, before = score_newest_two(market.shops["plum"], now=AFTERNOON, staff=True)
    told = movement(view, before)
    assert told is not None
    sizes = [abs(part.points) for part in told.parts]
    assert sizes == sorted(sizes, reverse=True)
    assert told.parts[0].width == "50.00%"


def test_nothing_is_told_without_two_totals(market: Market) -> None:
    view, before = score_newest_two(market.shops["twig"], now=AFTERNOON, staff=True)
    assert movement(view, before) is None
    plum = score_newest_two(market.shops["plum"], now=AFTERNOON, staff=True)
    assert movement(plum[0], None) is None


def test_another_rule_set_is_not_split(market: Market) -> None:
    view, before = score_newest_two(market.shops["plum"], now=AFTERNOON, staff=True)
    told = movement(view, replace(before, rule_hash="another"))
    assert told is not None
    assert not told.is_split
    assert told.change == pytest.approx((view.total or 0) - (before.total or 0))
