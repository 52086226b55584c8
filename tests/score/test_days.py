"""The daily step counts exactly the days that changed."""

from datetime import date, timedelta

import pytest

from servicescore.models import DailyRow
from servicescore.selectors.facts import Span, spans_of
from servicescore.selectors.stored_window import stored_window
from servicescore.services.daily import days_rebuild
from stores.models import Exclusion, Order, Shop, Touch
from tests.factories import at, make_order
from tests.score.landing import make_run

DAY = date(2024, 2, 10)
pytestmark = pytest.mark.django_db


def signed_order(shop: Shop, day: date) -> Order:
    """An order signed for on the day."""
    return make_order(shop, placed_at=at(day, "08:00"), paid_at=None, signed_at=at(day, "12:00"))


def touch(shop: Shop, *days: date) -> None:
    """What a change of facts of these days leaves behind."""
    Touch.objects.bulk_create(Touch(shop=shop, day=day) for day in days)


def counted(shop: Shop) -> dict[date, int]:
    """Signed orders by day, as stored."""
    return dict(DailyRow.objects.filter(shop=shop).values_list("day", "signed_orders"))


def rebuild(*shops: Shop) -> int:
    """A night's daily step for the shops."""
    return days_rebuild(run_id=make_run(DAY).pk, shop_ids=[shop.pk for shop in shops])


def test_only_touched_days_are_counted(shop: Shop) -> None:
    """An order whose day nobody touched stays unseen."""
    for back in range(3):
        signed_order(shop, DAY - timedelta(days=back))
    touch(shop, DAY, DAY, DAY - timedelta(days=2))
    assert rebuild(shop) == 2
    assert counted(shop) == {DAY: 1, DAY - timedelta(days=2): 1}


def test_a_run_consumes_the_touches_it_read_and_leaves_those_of_other_shops(
    shop: Shop, other_shop: Shop
) -> None:
    """A touch names the run that took it; it is not deleted."""
    touch(shop, DAY)
    touch(other_shop, DAY)
    run = make_run(DAY)
    days_rebuild(run_id=run.pk, shop_ids=[shop.pk])
    assert list(Touch.objects.values_list("shop", "consumed_by").order_by("shop")) == [
        (shop.pk, run.pk),
        (other_shop.pk, None),
    ]
    assert rebuild(shop) == 0


def test_a_day_whose_facts_all_went_keeps_a_row_of_zeros(shop: Shop) -> None:
    """So that it is known to have been counted."""
    order = signed_order(shop, DAY)
    touch(shop, DAY)
    rebuild(shop)
    order.delete()
    touch(shop, DAY)
    rebuild(shop)
    assert counted(shop) == {DAY: 0}


def test_an_exclusion_of_one_shop_takes_nothing_out_of_another(
    shop: Shop, other_shop: Shop
) -> None:
    """Two shops may use the same order number."""
    for each in (shop, other_shop):
        make_order(each, external_id="o-same", signed_at=at(DAY))
        touch(each, DAY)
    Exclusion.objects.create(
        shop=shop,
        kind="order",
        external_id="o-same",
        metrics=["pay_to_sign_hours"],
        source="appeal:1",
        reason="test",
        granted_at=at(DAY),
    )
    rebuild(shop, other_shop)
    rows = DailyRow.objects.order_by("shop").values_list(
        "pay_to_sign_hours_domestic_den", "pay_to_sign_hours_domestic_excl"
    )
    assert list(rows) == [(0, 1), (1, 0)]


def test_a_revoked_exclusion_takes_nothing_out(shop: Shop) -> None:
    """The record stays, its effect does not."""
    order = make_order(shop, signed_at=at(DAY))
    Exclusion.objects.create(
        shop=shop,
        kind="order",
        external_id=order.external_id,
        metrics=["pay_to_sign_hours"],
        source="appeal:1",
        reason="test",
        granted_at=at(DAY),
        revoked_at=at(DAY),
    )
    touch(shop, DAY)
    rebuild(shop)
    assert DailyRow.objects.get().pay_to_sign_hours_domestic_den == 1


def test_the_window_holds_its_first_and_last_day_and_no_other(shop: Shop) -> None:
    """A score of 11 February looks back from the 10th over 180 days."""
    days = [DAY + timedelta(days=1), DAY, DAY - timedelta(days=179), DAY - timedelta(days=180)]
    for day in days:
        signed_order(shop, day)
    touch(shop, *days)
    rebuild(shop)
    window = stored_window([shop.pk], DAY, 180)
    signed = window[:, 0, 0]
    assert signed.sum() == 2
    assert (signed[0], signed[179]) == (1, 1)


def test_neighbouring_days_are_read_as_one_span() -> None:
    """And the spans of two shops never run together."""
    assert spans_of(
        [(2, DAY), (1, DAY), (1, DAY + timedelta(days=1)), (1, DAY + timedelta(days=3)), (1, DAY)]
    ) == [
        Span(1, DAY, DAY + timedelta(days=1)),
        Span(1, DAY + timedelta(days=3), DAY + timedelta(days=3)),
        Span(2, DAY, DAY),
    ]
