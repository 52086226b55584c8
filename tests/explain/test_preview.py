"""What other rules would make of stored scores: who gains, who loses, and why."""

from datetime import timedelta

import pytest

from servicescore.models import ScoreRevision
from servicescore.rules import compiled_score_rules, score_book
from servicescore.selectors.preview import preview_history, preview_of, previews_on
from servicescore.selectors.score_export import score_table
from servicescore.selectors.scores import score_latest, score_on
from shopguard.lib.rulesets import RuleError
from tests.explain.test_export_changes import compute
from tests.factories import START
from tests.score.landing import land
from tests.score.markets import DAY, FEW, random_market

pytestmark = pytest.mark.django_db
RULE_SETS = ("shop-score", "service-score-2022", "experience-3d")


@pytest.mark.parametrize("other", RULE_SETS)
def test_a_preview_is_what_a_run_under_the_other_rules_stores(other: str) -> None:
    """And the reasons add up to the difference."""
    land(random_market(5, FEW))
    compute(DAY)
    found = {one.shop_key: one for one in previews_on(DAY, other)}
    compute(DAY, other)
    stored = ScoreRevision.objects.filter(date=DAY, rule_set=other)
    for shop, total in stored.values_list("shop__external_id", "total"):
        assert found[shop].other == total
    changed = [one for one in found.values() if one.change is not None]
    assert changed
    for one in changed:
        assert sum(points for _, points in one.why) == pytest.approx(one.change, abs=1e-8)
    assert all(not one.why for one in found.values() if one.change is None)


def test_who_loses_most_comes_first_and_shops_without_two_totals_last() -> None:
    land(random_market(5, FEW))
    compute(DAY)
    changes = [one.change for one in previews_on(DAY, "experience-3d")]
    known = [change for change in changes if change is not None]
    assert known == sorted(known)
    assert changes[: len(known)] == known


def test_one_shop_over_time() -> None:
    """Each date by the other rules, with the days as they are now."""
    shops = land(random_market(5, FEW))
    compute(DAY)
    compute(DAY - timedelta(days=1))
    shop = shops["clothing-big"]
    views = [
        score_on(shop, day=day, now=START, staff=True) for day in (DAY - timedelta(days=1), DAY)
    ]
    stored = [(view.date, view.total) for view in views if view]
    found = preview_history(shop, stored, "shop-score")
    assert [(one.day, one.total) for one in found] == stored
    assert views[1] is not None
    assert found[1].other == pytest.approx(preview_of(views[1], "shop-score").other, abs=1e-9)
    assert preview_history(shop, [], "shop-score") == []


def test_rules_nobody_knows_are_refused() -> None:
    land(random_market(5, FEW))
    compute(DAY)
    with pytest.raises(RuleError):
        previews_on(DAY, "service-score-1999")


def test_the_three_dimensions_are_a_preview_and_say_so() -> None:
    """Never in force, never shown before what is, and named as not published."""
    shops = land(random_market(5, FEW))
    compute(DAY)
    compute(DAY, "experience-3d")
    rules = score_book().by_id("experience-3d")
    assert not rules.in_force_on(DAY)
    assert "未公布" in rules.title_zh
    assert "not published by the platform" in rules.title_en
    weights = {part.id: part.weight for part in compiled_score_rules("experience-3d").dimensions}
    assert weights == {"product": 0.5, "logistics": 0.15, "service": 0.35}
    table = score_table(day=DAY, rule_set="experience-3d")
    assert table.header[6:9] == ["product", "logistics", "service"]
    assert score_table(day=DAY).rule_set == "service-score-2022"
    view = score_latest(shops["clothing-big"], now=START, staff=True)
    assert view is not None
    assert view.rule_set.id == "service-score-2022"


def test_service_is_the_mean_of_its_present_metrics() -> None:
    land(random_market(5, FEW))
    compute(DAY, "experience-3d")
    names = ("refund_only_hours", "return_refund_hours", "reply_3min_rate", "dispute_rate")
    for row in ScoreRevision.objects.filter(rule_set="experience-3d"):
        scores = [row.metrics[name]["score"] for name in names]
        known = [score for score in scores if score is not None]
        expected = sum(known) / len(known) if known else None
        assert row.dimensions["service"]["score"] == (
            expected if expected is None else pytest.approx(expected)
        )
