"""The receipts of an industry say everything its scores were computed from."""

from datetime import timedelta

import pytest

from servicescore.models import ScoreRevision
from servicescore.selectors.receipts import RESULT, differences, receipts_recomputed
from servicescore.services.daily import days_rebuild
from servicescore.services.scores import scores_compute
from stores.models import Order, Run, Shop
from tests.score.landing import land, make_run, touch_anchor_days
from tests.score.markets import DAY, FEW, INDUSTRIES, random_market

pytestmark = pytest.mark.django_db
RULE_SETS = ("service-score-2022", "shop-score")


def compute(rule_set: str) -> Run:
    """A run over every industry."""
    run = make_run(DAY, rule_set)
    days_rebuild(run_id=run.pk, shop_ids=list(Shop.objects.values_list("pk", flat=True)))
    for industry, _ in INDUSTRIES:
        scores_compute(run_id=run.pk, industry=industry)
    return run


@pytest.mark.parametrize("rule_set", RULE_SETS)
def test_scores_follow_from_receipts_alone(rule_set: str) -> None:
    """To the last bit, after every fact is gone."""
    land(random_market(5))
    run = compute(rule_set)
    Order.objects.all().delete()
    for industry, _ in INDUSTRIES:
        found = receipts_recomputed(day=DAY, rule_set=rule_set, run_id=run.pk, industry=industry)
        assert len(found) == Shop.objects.filter(industry=industry).count()
        assert [each.differences(0) for each in found] == [[]] * len(found)


def test_an_earlier_run_is_recomputed_from_what_it_left() -> None:
    """A later run of the same date restated some shops; the earlier result still follows."""
    shops = land(random_market(5))
    first = compute(RULE_SETS[0])
    Order.objects.filter(shop=shops["clothing-big"], signed_at__isnull=False).update(is_cod=True)
    touch_anchor_days()
    second = compute(RULE_SETS[0])
    assert ScoreRevision.objects.filter(run=second).exists()
    for run in (first, second):
        found = receipts_recomputed(
            day=DAY, rule_set=RULE_SETS[0], run_id=run.pk, industry="clothing"
        )
        assert [each.differences(0) for each in found] == [[]] * len(found)


def test_a_shop_that_moved_to_another_industry_is_recomputed_where_it_was() -> None:
    """Its receipt names the industry it was ranked in."""
    shops = land(random_market(5, FEW))
    first = compute(RULE_SETS[0])
    Shop.objects.filter(pk=shops["home-1"].pk).update(industry="clothing")
    second = compute(RULE_SETS[0])
    sizes = [
        len(receipts_recomputed(day=DAY, rule_set=RULE_SETS[0], run_id=run.pk, industry="clothing"))
        for run in (first, second)
    ]
    there = Shop.objects.filter(industry="clothing").count()
    assert sizes == [there - 1, there]


def test_another_date_or_rule_set_has_no_part_in_it() -> None:
    """There is nothing to recompute."""
    land(random_market(5, FEW))
    run = compute(RULE_SETS[0])
    asked = {"run_id": run.pk, "industry": "clothing"}
    assert receipts_recomputed(day=DAY, rule_set=RULE_SETS[1], **asked) == []
    yesterday = DAY - timedelta(days=1)
    assert receipts_recomputed(day=yesterday, rule_set=RULE_SETS[0], **asked) == []


def test_a_difference_is_named_by_its_path() -> None:
    """Numbers beyond the tolerance, anything else at all, missing entries too."""
    one = {"a": {"b": 1.0, "c": None}, "d": "x", "e": True}
    other = {"a": {"b": 1.0 + 1e-8, "c": 2.0}, "d": "y"}
    assert differences(one, other, 1e-9, "r") == ["r.a.b", "r.a.c", "r.d", "r.e"]
    assert differences(one, one, 0, "r") == []


def test_a_receipt_holds_every_field_of_a_result() -> None:
    """What is compared is what is stored."""
    stored = {field.name for field in ScoreRevision._meta.concrete_fields}
    assert set(RESULT) <= stored
