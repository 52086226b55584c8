"""One receipt is verified by itself: against the facts as they are, and within itself."""

import pytest

from servicescore.selectors.receipt_check import receipt_checked
from servicescore.selectors.scores import ScoreView, score_on
from stores.models import Order, Shop
from tests.explain.test_export_changes import compute
from tests.factories import START
from tests.score.landing import land
from tests.score.markets import DAY, FEW, random_market

pytestmark = pytest.mark.django_db


def view_of(shop: Shop) -> ScoreView:
    """The stored score of the day."""
    view = score_on(shop, day=DAY, now=START, staff=True)
    assert view is not None
    return view


def test_an_untouched_score_is_equal_for_every_shop() -> None:
    shops = land(random_market(5, FEW))
    compute(DAY)
    checks = [receipt_checked(view_of(shop)) for shop in shops.values()]
    assert [(one.of_facts, one.of_result) for one in checks] == [((), ())] * len(shops)
    assert all(one.is_equal for one in checks)


def test_facts_that_came_since_are_named_by_metric_and_figure() -> None:
    """The receipt itself still follows from its inputs."""
    shops = land(random_market(5, FEW))
    compute(DAY)
    shop = shops["clothing-big"]
    Order.objects.filter(shop=shop, signed_at__isnull=False).update(is_cod=True)
    found = receipt_checked(view_of(shop))
    assert not found.is_equal
    assert found.of_result == ()
    assert "pay_to_sign_hours" in {one.metric for one in found.of_facts}
    assert all(one.stored != one.found for one in found.of_facts)


def test_a_score_under_an_earlier_text_of_the_rules_is_not_compared() -> None:
    shops = land(random_market(5, FEW))
    compute(DAY)
    view = view_of(shops["clothing-big"])
    stale = ScoreView(**{**vars(view), "rule_hash": "0" * 16})
    found = receipt_checked(stale)
    assert found.has_other_rules
    assert not found.is_equal
