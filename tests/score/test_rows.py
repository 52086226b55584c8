"""Every number of a score is the sum of its rows, for each metric."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from servicescore.metrics import metrics
from servicescore.models import ScoreRevision
from servicescore.rules import compiled_score_rules
from servicescore.selectors.metric_days import metric_days
from servicescore.selectors.metric_rows import (
    MOST_COUNTED,
    SORTS,
    Row,
    Selection,
    Window,
    day_sums,
    rows_counted,
    rows_read,
    rows_streamed,
)
from servicescore.selectors.rows import row_sources
from servicescore.services.daily import days_rebuild
from servicescore.services.scores import scores_compute
from stores.models import Exclusion, Order, OrderLine, Product, Shop, Touch
from tests.factories import START, fill
from tests.score.landing import land, make_run
from tests.score.markets import DAY, FEW, INDUSTRIES, random_market
from tests.score.test_against_reference import appeals

pytestmark = pytest.mark.django_db
EXACT = 1e-9
RULE_OF = dict.fromkeys(metrics(), "service-score-2022") | {
    "collect_on_time_rate": "shop-score",
    "delivery_hours": "shop-score",
}
EVERYTHING = 100_000


@pytest.fixture(scope="module")
def landed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Shop]]:
    """The market, built once; what a test changes is undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield market_scored()
        transaction.set_rollback(True)


@pytest.fixture
def scored(landed: dict[str, Shop], db: None) -> dict[str, Shop]:
    """A random market with appeals, scored by both rule sets."""
    return landed


def market_scored() -> dict[str, Shop]:
    """Shops, facts and scores."""
    market = random_market(5, FEW)
    out = appeals(market)
    out += [(shop, kind, ref, "collect_on_time_rate") for shop, kind, ref, _ in out[:40]]
    out += [(shop, kind, ref, "delivery_hours") for shop, kind, ref, _ in out[:40]]
    shops = land(market, out)
    for rule_set in set(RULE_OF.values()):
        run = make_run(DAY, rule_set)
        days_rebuild(run_id=run.pk, shop_ids=[shop.pk for shop in shops.values()])
        for industry, _ in INDUSTRIES:
            scores_compute(run_id=run.pk, industry=industry)
    return shops


def window(metric: str) -> Window:
    return Window(DAY, compiled_score_rules(RULE_OF[metric]))


def receipt(shop: Shop, metric: str) -> dict:
    return ScoreRevision.objects.get(shop=shop, rule_set=RULE_OF[metric]).metrics[metric]


def read(shop: Shop, metric: str, show: str, **more: object) -> list[Row]:
    chosen = Selection(show, **more)
    return rows_read(shop, metric, window(metric), chosen, limit=EVERYTHING)


def test_every_metric_has_rows() -> None:
    assert set(row_sources()) == set(metrics())


@pytest.mark.parametrize("metric", sorted(metrics()))
def test_numerator_denominator_and_value_are_the_rows(scored: dict[str, Shop], metric: str) -> None:
    seen: dict[str, int] = defaultdict(int)
    for shop in scored.values():
        expected = receipt(shop, metric)
        counted = read(shop, metric, "counted")
        assert len(counted) == expected["n"] == expected["den"]
        assert sum(row.num for row in counted) == expected["num"]
        in_numerator = read(shop, metric, "numerator")
        assert sum(row.num for row in in_numerator) == expected["num"]
        assert len(read(shop, metric, "missed")) == len(counted) - len(in_numerator)
        excluded = read(shop, metric, "excluded")
        assert sum(row.excl for row in excluded) == expected["excl"]
        assert all(row.reason for row in excluded)
        seen["excluded"] += len(excluded)
        if counted:
            weight = sum(row.weight for row in counted)
            value = sum(row.weight * row.num for row in counted) / weight
            scale = metrics()[metric].scale
            assert value / scale == pytest.approx(expected["value"], abs=EXACT)
            assert weight == pytest.approx(expected["wden"], abs=EXACT)
    assert seen["excluded"], "the market excludes nothing from this metric"


@pytest.mark.parametrize("metric", sorted(metrics()))
def test_no_row_is_both_counted_and_left_out(scored: dict[str, Shop], metric: str) -> None:
    for shop in scored.values():
        left_out = read(shop, metric, "left_out")
        assert not any(row.num or row.den or row.excl for row in left_out)
        counted = {row.ref for row in read(shop, metric, "counted")}
        assert not counted & {row.ref for row in left_out}


def test_each_trade_mode_is_its_rows(scored: dict[str, Shop]) -> None:
    for shop in scored.values():
        for mode, part in receipt(shop, "pay_to_sign_hours")["modes"].items():
            rows = read(shop, "pay_to_sign_hours", "counted", mode=mode)
            assert (len(rows), sum(row.num for row in rows)) == (part["den"], part["num"])
            assert {row.mode for row in rows} <= {mode}


@pytest.mark.parametrize("metric", sorted(metrics()))
def test_sums_of_days_are_the_daily_statistics(scored: dict[str, Shop], metric: str) -> None:
    shop = scored["clothing-big"]
    span = window(metric)
    found = day_sums(shop, metric, span, [(span.first, span.last)])
    expected = receipt(shop, metric)
    totals = [sum(parts[at] for parts in found.values()) for at in range(3)]
    assert totals == [expected["num"], expected["den"], expected["excl"]]
    one = max(day for day, _ in found)
    part = day_sums(shop, metric, span, [(one, one)])
    assert part == {key: parts for key, parts in found.items() if key[0] == one}


@pytest.mark.parametrize("metric", sorted(metrics()))
@pytest.mark.parametrize("sort", SORTS)
def test_every_order_shows_the_same_rows_page_by_page(
    scored: dict[str, Shop], metric: str, sort: str
) -> None:
    shop = scored["clothing-big"]
    chosen = Selection("counted", sort=sort)
    pages = [
        row.ref
        for offset in range(0, 120, 7)
        for row in rows_read(shop, metric, window(metric), chosen, limit=7, offset=offset)
    ]
    everything = [row.ref for row in rows_streamed(shop, metric, window(metric), chosen)]
    assert pages == everything[: len(pages)]
    assert len(set(everything)) == len(everything) == receipt(shop, metric)["n"]
    assert rows_counted(shop, metric, window(metric), chosen) == len(everything) <= MOST_COUNTED


def test_rows_an_index_finds_say_how_many_there_are(scored: dict[str, Shop]) -> None:
    shop, chosen = scored["clothing-big"], Selection("numerator", sort="effect")
    counted = rows_counted(shop, "dispute_rate", window("dispute_rate"), chosen)
    assert counted > 1
    rows = rows_read(shop, "dispute_rate", window("dispute_rate"), chosen, limit=1)
    assert [row.found for row in rows] == [counted]
    assert read(shop, "ship_on_time_rate", "counted")[0].found is None


def test_the_worst_stand_first_by_effect(scored: dict[str, Shop]) -> None:
    shop = scored["clothing-big"]
    value = receipt(shop, "pay_to_sign_hours")["value"] * 3600
    chosen = Selection("counted", sort="effect")
    span = Window(DAY, compiled_score_rules("service-score-2022"), pivot=value)
    rows = rows_read(shop, "pay_to_sign_hours", span, chosen, limit=EVERYTHING)
    pulls = [row.weight * (row.num - value) for row in rows]
    assert pulls == pytest.approx(sorted(pulls, reverse=True))
    late = read(shop, "ship_on_time_rate", "counted", sort="effect")
    assert [row.num for row in late] == sorted(row.num for row in late)


def test_a_range_of_days_holds_the_rows_of_those_days(scored: dict[str, Shop]) -> None:
    shop = scored["clothing-big"]
    first, last = DAY - timedelta(days=20), DAY - timedelta(days=3)
    rows = read(shop, "dispute_rate", "counted", first=first, last=last)
    everything = read(shop, "dispute_rate", "counted")
    assert [row.ref for row in rows] == [r.ref for r in everything if first <= r.day <= last]
    assert rows


def test_a_row_says_when_it_leaves_the_window(scored: dict[str, Shop]) -> None:
    row = read(scored["clothing-big"], "dispute_rate", "counted", sort="oldest")[0]
    span = window("dispute_rate")
    assert row.leaves_on == row.day + timedelta(days=181)
    assert Window(row.leaves_on, span.rules).first == row.day + timedelta(days=1)


def test_a_record_is_found_by_its_id_or_its_order(scored: dict[str, Shop]) -> None:
    shop = scored["clothing-big"]
    row = read(shop, "product_rating", "counted")[0]
    for text in (row.ref, row.order_ref):
        assert row.ref in {r.ref for r in read(shop, "product_rating", "counted", record=text)}
    assert read(shop, "product_rating", "counted", record="nothing") == []


def test_rows_of_a_product_are_those_of_its_orders(scored: dict[str, Shop]) -> None:
    shop = scored["clothing-big"]
    row = read(shop, "dispute_rate", "counted")[0]
    OrderLine.objects.create(
        shop=shop, order_ref=row.order_ref, line_no=1, product_ref="p7", spec="红", as_of=START
    )
    (found,) = read(shop, "dispute_rate", "counted", product="p7")
    assert (found.ref, found.product_ref, found.product) == (row.ref, "p7", "红")


def test_rows_never_show_another_shop(scored: dict[str, Shop]) -> None:
    """Twins have the same ids; each sees its own rows once."""
    one, twin = scored["clothing-big"], scored["clothing-twin"]
    Order.objects.filter(shop=twin).update(trade_mode="direct")
    rows = read(one, "pay_to_sign_hours", "counted")
    assert len({row.ref for row in rows}) == len(rows)
    assert {row.mode for row in rows} != {"direct"}


def test_products_and_reasons_beside_rows_are_those_of_the_shop(scored: dict[str, Shop]) -> None:
    one, twin = scored["clothing-big"], scored["clothing-twin"]
    row = read(one, "dispute_rate", "counted")[0]
    lines = {"order_ref": row.order_ref, "as_of": START}
    OrderLine.objects.create(shop=one, line_no=1, product_ref="p7", spec="红", **lines)
    OrderLine.objects.create(shop=twin, line_no=0, product_ref="p8", spec="蓝", **lines)
    Product.objects.create(shop=twin, external_id="p7", title="别家的", as_of=START)
    left_out = read(one, "dispute_rate", "excluded")
    for gone in left_out:
        fill(
            Exclusion, "others", shop=twin, external_id=gone.ref, metrics=["dispute_rate"],
            reason="别家的", revoked_at=None, granted_by=None,
        )  # fmt: skip
    (found,) = read(one, "dispute_rate", "counted", product="p7")
    assert (found.ref, found.product) == (row.ref, "红")
    assert read(one, "dispute_rate", "counted", product="p8") == []
    assert read(one, "dispute_rate", "excluded") == left_out != []


def test_facts_that_came_for_another_shop_leave_no_day_waiting(scored: dict[str, Shop]) -> None:
    one, twin = scored["clothing-big"], scored["clothing-twin"]
    Touch.objects.create(shop=twin, day=DAY - timedelta(days=3))
    assert metric_days(one, "dispute_rate", window("dispute_rate")).open_days == 0
    assert metric_days(twin, "dispute_rate", window("dispute_rate")).open_days == 1
