"""Every change touches the days it counts on, before and after; nothing else is touched."""

from datetime import date

import pytest
from pytest_django import Settings

from stores.models import Order, Run, Shop, Touch
from tests.imports.files import (
    CASE,
    COMPLAINT,
    CONSULTATION,
    DELAY_REPORT,
    ORDER,
    REVIEW,
    Desk,
    Row,
)

SHIP_BY, SIGNED = date(2024, 3, 3), date(2024, 3, 4)
CLOSED = date(2024, 3, 8)


def days_touched_by(desk: Desk, kind: str, *rows: Row) -> set[date]:
    """The days an import touches, whatever came before it."""
    before = set(Touch.objects.values_list("pk", flat=True))
    desk.rows(kind, *rows)
    fresh = Touch.objects.exclude(pk__in=before)
    assert set(fresh.values_list("shop__external_id", flat=True)) <= {"plum"}
    assert all(touch.batch_id and touch.consumed_by_id is None for touch in fresh)
    return set(fresh.values_list("day", flat=True))


def test_an_order_touches_the_days_of_its_deadline_and_signature(desk: Desk) -> None:
    """A signature late in the evening by UTC belongs to the next day in Shanghai."""
    late = ORDER | {"order_id": "o2", "signed_at": "2024-03-09 00:30:00", "paid_at": ""}
    assert days_touched_by(desk, "orders", ORDER, late) == {SHIP_BY, SIGNED, date(2024, 3, 9)}


def test_a_change_touches_the_days_before_and_after(desk: Desk) -> None:
    """What moves leaves one day and comes to another."""
    desk.rows("orders", ORDER)
    moved = ORDER | {"signed_at": "2024-03-10 12:00:00"}
    assert days_touched_by(desk, "orders", moved) == {SHIP_BY, SIGNED, date(2024, 3, 10)}


def test_what_changes_nothing_touches_nothing(desk: Desk) -> None:
    """The same file again, and a rejected row."""
    desk.rows("orders", ORDER)
    bad = ORDER | {"order_id": "o2", "quantity": "x"}
    assert days_touched_by(desk, "orders", ORDER, bad) == set()


def test_a_change_of_a_line_touches_its_order(desk: Desk) -> None:
    """Lines carry the products of an order."""
    desk.rows("orders", ORDER)
    assert days_touched_by(desk, "orders", ORDER | {"product_id": "p2"}) == {SHIP_BY, SIGNED}


@pytest.mark.parametrize(
    ("kind", "row", "days"),
    [
        ("reviews", REVIEW, {SIGNED}),
        ("complaints", COMPLAINT, {SIGNED}),
        ("aftersales", CASE, {SIGNED, CLOSED}),
        ("consultations", CONSULTATION, {date(2024, 3, 1)}),
        ("delay_reports", DELAY_REPORT, {SIGNED, SHIP_BY}),
    ],
)
def test_a_fact_touches_its_own_days_and_those_of_its_order(
    desk: Desk, kind: str, row: Row, days: set[date]
) -> None:
    """The order is there already."""
    desk.rows("orders", ORDER)
    assert days_touched_by(desk, kind, row) == days


def test_a_fact_may_come_before_its_order(desk: Desk) -> None:
    """The order's own arrival touches the day they meet on."""
    assert days_touched_by(desk, "reviews", REVIEW) == set()
    assert SIGNED in days_touched_by(desk, "orders", ORDER)


def test_a_fact_that_moves_to_another_order_touches_both(desk: Desk) -> None:
    """Here the day of either signature."""
    desk.rows("orders", ORDER, ORDER | {"order_id": "o2", "signed_at": "2024-03-20 08:00:00"})
    desk.rows("reviews", REVIEW)
    moved = REVIEW | {"order_id": "o2"}
    assert days_touched_by(desk, "reviews", moved) == {SIGNED, date(2024, 3, 20)}


def test_a_day_is_touched_once_for_a_batch(desk: Desk, settings: Settings) -> None:
    """However many chunks change it."""
    settings.IMPORT_CHUNK_ROWS = 5
    desk.rows("orders", *(ORDER | {"order_id": f"o{n}"} for n in range(30)))
    assert Touch.objects.filter(day=SIGNED).count() == 1


def test_a_day_a_run_has_taken_is_touched_again(desk: Desk, settings: Settings) -> None:
    """A run between two chunks read the first one's facts only."""
    settings.IMPORT_CHUNK_ROWS = 5

    def take(stage: str, done: int, total: int) -> None:
        if stage == "write" and done == 5:
            run = Run.objects.create(day=SIGNED, rule_set="x", sequence=1)
            Touch.objects.update(consumed_by=run)

    rows = [ORDER | {"order_id": f"o{n}"} for n in range(10)]
    desk.rows("orders", *rows, told=take)
    assert Touch.objects.filter(day=SIGNED).count() == 2
    assert Touch.objects.filter(day=SIGNED, consumed_by=None).count() == 1


def test_touches_stay_within_the_shop(desk: Desk, other_shop: Shop) -> None:
    """An order of the same number elsewhere is another order."""
    desk.rows("orders", ORDER, ORDER | {"shop_id": "birch", "signed_at": "2024-03-25 08:00:00"})
    assert Order.objects.filter(shop=other_shop).exists()
    assert days_touched_by(desk, "reviews", REVIEW) == {SIGNED}
