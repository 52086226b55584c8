"""One receipt is verified by itself: against the facts as they are, and within itself."""

from datetime import timedelta

import pytest

from servicescore.selectors import receipt_check
from servicescore.selectors.receipt_check import receipt_checked
from servicescore.selectors.scores import ScoreView, score_on
from stores.models import Order, Shop, Touch
from tests.explain.test_export_changes import compute
from tests.factories import START, fill
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


def touch(shop: Shop, *, days_ago: int) -> None:
    fill(Touch, "t", shop=shop, day=DAY - timedelta(days=days_ago), consumed_by=None)


def test_of_a_large_shop_the_newest_days_are_counted_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest is as the nights counted it, so a change there shows only once it is counted."""
    shops = land(random_market(5, FEW))
    compute(DAY)
    shop = shops["clothing-big"]
    monkeypatch.setattr(receipt_check, "MOST_RECOUNTED", 0)
    Order.objects.filter(shop=shop, signed_at__isnull=False).update(is_cod=True)
    found = receipt_checked(view_of(shop))
    assert found.recounted < found.days == 180
    assert (found.is_partly_recounted, found.waiting) == (True, 0)
    monkeypatch.setattr(receipt_check, "MOST_RECOUNTED", 60_000)
    whole = receipt_checked(view_of(shop))
    assert (whole.recounted, whole.is_partly_recounted) == (180, False)
    assert len(whole.of_facts) >= len(found.of_facts)


def test_days_of_the_own_shop_that_changed_are_counted_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shops = land(random_market(5, FEW))
    compute(DAY)
    monkeypatch.setattr(receipt_check, "MOST_RECOUNTED", 0)
    touch(shops["clothing-big"], days_ago=90)
    touch(shops["clothing-big"], days_ago=91)
    touch(shops["clothing-twin"], days_ago=3)
    found = receipt_checked(view_of(shops["clothing-big"]))
    assert (found.recounted, found.waiting) == (1, 1)
    assert found.is_equal


def test_a_score_under_an_earlier_text_of_the_rules_is_not_compared() -> None:
    shops = land(random_market(5, FEW))
    compute(DAY)
    view = view_of(shops["clothing-big"])
    stale = ScoreView(**{**vars(view), "rule_hash": "0" * 16})
    found = receipt_checked(stale)
    assert found.has_other_rules
    assert not found.is_equal
