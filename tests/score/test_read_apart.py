"""Scores of two shops of one industry and one date are read apart, whoever is asked about."""

from datetime import timedelta

import pytest
from django.db import connection

from aftersales.models import AfterSaleCase
from servicescore.models import ScoreRevision
from servicescore.selectors.rows import row_sources
from servicescore.selectors.scores import (
    metric_series,
    score_latest,
    score_newest_two,
    score_on,
    score_revisions,
    score_series,
    shops_table,
)
from shopguard.lib.days import at_hour
from stores.models import Complaint, Exclusion, Shop
from tests.conftest import DAY_ZERO
from tests.factories import fill, make_order
from tests.pages.market import fill_days, score_night

pytestmark = pytest.mark.django_db
YESTERDAY = DAY_ZERO - timedelta(days=1)
AFTERNOON, MORNING = at_hour(DAY_ZERO, 15), at_hour(DAY_ZERO, 9)
METRIC = "ship_on_time_rate"


@pytest.fixture
def both(shop: Shop, other_shop: Shop) -> tuple[Shop, Shop]:
    """A weak and a strong shop, both scored for two dates."""
    for one, skill in ((shop, 0.2), (other_shop, 0.9)):
        fill_days(one, DAY_ZERO, skill=skill)
    Shop.objects.update(industry="apparel")
    score_night(YESTERDAY)
    score_night(DAY_ZERO)
    return shop, other_shop


def stored(shop: Shop) -> list[ScoreRevision]:
    return list(ScoreRevision.objects.filter(shop=shop).order_by("date"))


def test_the_newest_score_is_the_shops_own(both: tuple[Shop, Shop]) -> None:
    for shop in both:
        newest = score_latest(shop, now=AFTERNOON, staff=False)
        of_day = score_on(shop, day=DAY_ZERO, now=AFTERNOON, staff=False)
        assert newest is not None
        assert of_day is not None
        assert {newest.shop_id, of_day.shop_id} == {shop.pk}
        assert newest.total == of_day.total == stored(shop)[-1].total


def test_the_newest_two_and_the_revisions_of_a_date_are_the_shops_own(
    both: tuple[Shop, Shop],
) -> None:
    for shop in both:
        two = score_newest_two(shop, now=AFTERNOON, staff=False)
        assert [view.total for view in two] == [row.total for row in reversed(stored(shop))]
        (only,) = score_revisions(
            shop, day=DAY_ZERO, rule_set=two[0].rule_set.id, now=AFTERNOON, staff=False
        )
        assert only.shop_id == shop.pk


def test_the_history_is_the_shops_own(both: tuple[Shop, Shop]) -> None:
    asked = {"last": DAY_ZERO, "days": 2, "now": AFTERNOON, "staff": False}
    for shop in both:
        rows = stored(shop)
        assert score_series(shop, **asked).totals == tuple(row.total for row in rows)  # type: ignore[arg-type]
        values = metric_series(shop, METRIC, **asked).values  # type: ignore[arg-type]
        assert values == tuple(row.metrics[METRIC]["value"] for row in rows)


def test_the_table_has_the_shops_asked_for_each_with_its_own_newest_date(
    both: tuple[Shop, Shop],
) -> None:
    weak, strong = both
    Shop.objects.filter(pk=strong.pk).update(industry="home")
    score_night(DAY_ZERO + timedelta(days=1), "home")
    rows = shops_table([weak.pk], now=AFTERNOON + timedelta(days=1))
    assert {key: row.date for key, row in rows.items()} == {weak.pk: DAY_ZERO}
    both_rows = shops_table([weak.pk, strong.pk], now=AFTERNOON + timedelta(days=1))
    assert both_rows[weak.pk].date < both_rows[strong.pk].date


def test_pending_scores_are_shown_for_the_shops_named_and_no_other(
    both: tuple[Shop, Shop],
) -> None:
    weak, strong = both
    keys = [weak.pk, strong.pk]
    rows = shops_table(keys, now=MORNING, pending_for=[weak.pk])
    assert (rows[weak.pk].date, rows[weak.pk].pending) == (DAY_ZERO, True)
    assert (rows[strong.pk].date, rows[strong.pk].pending) == (YESTERDAY, False)


@pytest.mark.parametrize("metric", ["dispute_rate", "quality_refund_rate"])
def test_what_an_index_finds_are_the_records_of_the_shop(
    metric: str, shop: Shop, other_shop: Shop
) -> None:
    make_order(shop, external_id="o1")
    for model, kind in ((Complaint, "complaint"), (AfterSaleCase, "case")):
        fill(model, "theirs", shop=other_shop, external_id="t1", order_ref="o1")
        exclude(shop, kind, "t1", metric)
    exclude(other_shop, "order", "o1", metric)
    source = row_sources()[metric]
    for narrowed in (source.numerator_only, source.excluded_only):
        with connection.cursor() as cursor:
            query = f"SELECT r.external_id FROM stores_order r WHERE {narrowed}"
            cursor.execute(query, {"shop": shop.pk})
            assert cursor.fetchall() == []


def exclude(shop: Shop, kind: str, external_id: str, metric: str) -> None:
    fill(
        Exclusion, "out", shop=shop, kind=kind, external_id=external_id, metrics=[metric],
        revoked_at=None, granted_by=None,
    )  # fmt: skip
