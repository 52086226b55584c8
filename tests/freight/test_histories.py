"""Edges of cover: random lives of both products, a product that moves, the first kilogram."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aftersales.models import AfterSaleCase
from freightins.calc.cover import Change, History, Line, Placed, Span, cover_of
from freightins.calc.eligibility import Standing, conditions, failures
from freightins.models import Claim, Cover, Enrolment
from freightins.rules import cover_rules_on
from freightins.services.covers import covers_decide
from stores.models import OrderLine, Product, Shop
from tests.factories import START, make_order
from tests.freight.laying import finished_run

RULES = cover_rules_on(date(2024, 3, 1))
NOON = datetime(2024, 3, 1, 4, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STEADY = {"severe_points": 0, "dispute_rate": 0.0, "return_rate": 0.1}

nights = st.lists(
    st.builds(
        lambda is_open, settled, total: Standing(is_open, settled, total, **STEADY),
        st.booleans(), st.booleans(), st.sampled_from([None, 4.59, 4.60, 4.8]),
    ),
    min_size=1, max_size=8,
)  # fmt: skip
lives = st.lists(st.tuples(st.sampled_from(("service", "insurance")), nights), max_size=4)


def lived(lives: list[tuple[str, list[Standing]]]) -> History:
    """Enrolments one after another, each night turning its own as the night does."""
    spans, day = [], 0
    for key, (product, standings) in enumerate(lives):
        opened = NOON + day * DAY
        turns, is_active = [(opened, "active")], True
        for number, standing in enumerate(standings, 1):
            failed = failures(conditions(RULES, standing, is_insurance=product == "insurance"))
            if bool(failed) == is_active:
                is_active = not failed
                turns.append((opened + number * DAY, "active" if is_active else "suspended"))
        day += len(standings) + 1
        spans.append(Span(key, opened, NOON + day * DAY, turns))
        day += 1
    return History(spans, [Change(NOON - DAY, "shop", "", True)])


def should_be_covered(lives: list[tuple[str, list[Standing]]], hour: int) -> bool:
    """Told without turns: what the last night before an hour found, by the words of the rule."""
    begin = 0
    for product, standings in lives:
        within = hour - 24 * begin
        if 0 <= within < 24 * (len(standings) + 1):
            if within < 24:
                return True
            seen = standings[within // 24 - 1]
            is_good = seen.total is not None and seen.total >= 4.60 and seen.has_base_settings
            return seen.is_open and (product == "service" or is_good)
        begin += len(standings) + 2
    return False


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lives, st.integers(-2, 24 * 45))
def test_whoever_is_suspended_or_closed_covers_no_order(
    lives: list[tuple[str, list[Standing]]], hour: int
) -> None:
    order = Placed(NOON + hour * HOUR, True, False, [Line("p1", "", False)])
    assert cover_of(lived(lives), order).is_covered == should_be_covered(lives, hour)


def test_a_product_that_moved_follows_the_choice_of_its_new_category() -> None:
    history = History(
        [Span(1, NOON, None, [(NOON, "active")])],
        [Change(NOON, "shop", "", True), Change(NOON, "category", "dress", False)],
    )
    before = Placed(NOON + HOUR, True, False, [Line("p1", "dress", False)])
    after = Placed(NOON + HOUR, True, False, [Line("p1", "skirt", False)])
    assert cover_of(history, before).reason == "not_chosen"
    assert cover_of(history, after).is_covered


@pytest.mark.parametrize("grams", [1, 999, 1000, 1001, 5000])
@pytest.mark.parametrize("method", ["pickup", "locker"])
def test_the_first_kilogram_is_paid_whatever_the_parcel_weighs(
    shop: Shop, grams: int, method: str
) -> None:
    """The buyer pays what is above it."""
    Product.objects.create(shop=shop, external_id="p1", as_of=START)
    make_order(shop, external_id="o1", placed_at=NOON, shipped_at=NOON + DAY, province="广东")
    OrderLine.objects.create(shop=shop, order_ref="o1", line_no=1, product_ref="p1", as_of=START)
    Cover.objects.create(
        shop=shop, order_ref="o1", placed_at=NOON, fee=170, from_at=NOON, to_at=NOON + 90 * DAY
    )
    Enrolment.objects.create(shop=shop, opened_at=NOON - DAY)
    AfterSaleCase.objects.create(
        shop=shop, external_id="c1", order_ref="o1", kind="return_refund", return_method=method,
        return_weight_grams=grams, applied_at=NOON + 5 * DAY, as_of=START,
    )  # fmt: skip
    now = NOON + 6 * DAY
    covers_decide(run_id=finished_run(now.date()).pk, shop_ids=[shop.pk], now=now)
    claim = Claim.objects.get()
    assert (claim.state, claim.amount, claim.expected) == ("paid", 1000, 1000)
