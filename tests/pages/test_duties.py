"""Each line of the to-do list counts what waits, and nothing that does not."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aftersales.models import AfterSaleCase
from stores.duties import lines_of, register_folder, work_due
from stores.models import (
    Complaint,
    Consultation,
    DelayReport,
    ImportBatch,
    Order,
    Parcel,
    Review,
    Shop,
    Touch,
    Violation,
)
from stores.selectors.visit import Visit
from tests.conftest import NOON_ZERO
from tests.factories import fill, make_order

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def visit(shop: Shop) -> Visit:
    """Alice looks at her shop at noon."""
    return Visit(shop, "owner", NOON_ZERO)


def counts(visit: Visit) -> dict[str, int]:
    return {line.name: line.count for line in lines_of(Visit(visit.shop, visit.role, visit.now))}


def order(shop: Shop, due_in: timedelta, **fields: Any) -> None:
    make_order(shop, ship_by=NOON_ZERO + due_in, **fields)


def test_a_paid_order_near_its_deadline_is_to_be_shipped(visit: Visit) -> None:
    order(visit.shop, HOUR)
    order(visit.shop, 3 * HOUR, paid_at=None, is_cod=True)
    order(visit.shop, 24 * HOUR)
    assert counts(visit) == {"shipments_due": 2}


def test_an_order_past_its_deadline_is_overdue(visit: Visit) -> None:
    order(visit.shop, -HOUR)
    order(visit.shop, timedelta())
    assert counts(visit) == {"shipments_overdue": 1, "shipments_due": 1}


@pytest.mark.parametrize(
    "fields",
    [
        {"shipped_at": NOON_ZERO - HOUR},
        {"cancelled_at": NOON_ZERO - HOUR},
        {"paid_at": None},
        {"logistics_mode": "none"},
    ],
    ids=["shipped", "cancelled", "unpaid", "not by parcel"],
)
def test_an_order_that_waits_for_nobody_is_not_listed(visit: Visit, fields: dict[str, Any]) -> None:
    order(visit.shop, HOUR, **fields)
    order(visit.shop, -HOUR, **fields)
    assert counts(visit) == {}


def test_a_parcel_that_stands_still_is_to_be_followed_up(visit: Visit) -> None:
    for ref, status, hours in (
        ("a", "in_transit", 49), ("b", "in_transit", 47), ("c", "out_for_delivery", 25),
        ("d", "customs", 73), ("e", "signed", 900), ("f", "customs", 71),
    ):  # fmt: skip
        event = NOON_ZERO - hours * HOUR
        fill(Parcel, ref, shop=visit.shop, status=status, last_event_at=event)
    assert counts(visit) == {"parcels_stuck": 3}
    [line] = lines_of(visit)
    assert line.url == "/s/plum/orders/parcels/"
    assert work_due(visit)["orders"].count == 3


def test_open_cases_stand_by_their_deadline(visit: Visit) -> None:
    open_case = {"shop": visit.shop, "closed_at": None, "outcome": "open"}
    fill(AfterSaleCase, "a", due_at=NOON_ZERO - HOUR, **open_case)
    fill(AfterSaleCase, "b", due_at=NOON_ZERO + HOUR, **open_case)
    fill(AfterSaleCase, "c", due_at=NOON_ZERO + 2 * DAY, **open_case)
    fill(AfterSaleCase, "d", due_at=None, **open_case)
    fill(AfterSaleCase, "e", shop=visit.shop, due_at=NOON_ZERO + HOUR, outcome="completed")
    assert counts(visit) == {"cases_overdue": 1, "cases_due": 1}


def test_low_reviews_of_the_last_weeks_want_a_reply(visit: Visit) -> None:
    review = {"shop": visit.shop, "replied_at": None, "created_at": NOON_ZERO - DAY}
    fill(Review, "a", rating=3, **review)
    fill(Review, "b", rating=4, **review)
    fill(Review, "c", rating=1, **(review | {"replied_at": NOON_ZERO}))
    fill(Review, "d", rating=1, **(review | {"created_at": NOON_ZERO - 31 * DAY}))
    assert counts(visit) == {"reviews_low": 1}


def test_open_complaints_want_an_answer(visit: Visit) -> None:
    fill(Complaint, "a", shop=visit.shop, answered_at=None, outcome="open")
    fill(Complaint, "b", shop=visit.shop, outcome="open")
    fill(Complaint, "c", shop=visit.shop, answered_at=None, outcome="withdrawn")
    assert counts(visit) == {"complaints_open": 1}


def test_buyers_left_without_a_reply_are_counted_for_two_days(visit: Visit) -> None:
    asked = {"shop": visit.shop, "started_by": "buyer", "first_reply_seconds": None}
    fill(Consultation, "a", started_at=NOON_ZERO - DAY, **asked)
    fill(Consultation, "b", started_at=NOON_ZERO - 3 * DAY, **asked)
    fill(Consultation, "c", started_at=NOON_ZERO - DAY, **(asked | {"started_by": "shop"}))
    fill(Consultation, "d", started_at=NOON_ZERO - DAY, **(asked | {"first_reply_seconds": 9}))
    assert counts(visit) == {"consultations_open": 1}


def test_pending_delay_reports_are_followed_up(visit: Visit) -> None:
    fill(DelayReport, "a", shop=visit.shop, decision="pending")
    fill(DelayReport, "b", shop=visit.shop, decision="accepted")
    assert counts(visit) == {"delay_reports_pending": 1}


def test_a_kind_of_file_is_old_after_three_days(visit: Visit) -> None:
    applied = {"shop": visit.shop, "status": ImportBatch.Status.APPLIED}
    fill(ImportBatch, "a", kind="orders", as_of=NOON_ZERO - 3 * DAY, **applied)
    assert counts(visit) == {}
    fill(ImportBatch, "b", kind="reviews", as_of=NOON_ZERO - 3 * DAY - HOUR, **applied)
    assert counts(visit) == {"files_stale": 1}
    fill(ImportBatch, "c", kind="reviews", as_of=NOON_ZERO - HOUR, **applied)
    assert counts(visit) == {}


def test_a_file_of_many_shops_came_for_those_it_changed(visit: Visit, other_shop: Shop) -> None:
    batch = fill(
        ImportBatch, "a", shop=None, kind="orders", as_of=NOON_ZERO - 5 * DAY,
        status=ImportBatch.Status.APPLIED, finished_at=None,
    )  # fmt: skip
    ImportBatch.objects.filter(pk=batch.pk).update(started_at=NOON_ZERO - DAY)
    touch = fill(Touch, "a", shop=visit.shop, batch=batch, consumed_by=None)
    Touch.objects.filter(pk=touch.pk).update(created_at=NOON_ZERO - DAY + HOUR)
    assert counts(visit) == {"files_stale": 1}
    assert counts(Visit(other_shop, "owner", NOON_ZERO)) == {}


def test_what_waits_in_another_shop_is_not_listed(visit: Visit, other_shop: Shop) -> None:
    order(other_shop, HOUR)
    fill(Review, "a", shop=other_shop, rating=1, replied_at=None, created_at=NOON_ZERO - DAY)
    assert counts(visit) == {}


def test_lines_stand_by_deadline_and_those_without_one_last(visit: Visit) -> None:
    order(visit.shop, 20 * HOUR)
    order(visit.shop, -HOUR)
    fill(Complaint, "a", shop=visit.shop, answered_at=None, outcome="open")
    case = {"shop": visit.shop, "closed_at": None, "outcome": "open"}
    fill(AfterSaleCase, "b", due_at=NOON_ZERO + 2 * HOUR, **case)
    lines = lines_of(visit)
    names = ["shipments_overdue", "cases_due", "shipments_due", "complaints_open"]
    assert [line.name for line in lines] == names
    assert [line.tone for line in lines] == ["urgent", "urgent", "", ""]


def test_later_today_is_amber(visit: Visit) -> None:
    order(visit.shop, 7 * HOUR)
    assert [line.tone for line in lines_of(visit)] == ["watch"]


def test_all_that_is_counted_is_counted_in_one_query(visit: Visit) -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        lines_of(visit)
    counting = [query for query in asked.captured_queries if "UNION ALL" in query["sql"]]
    assert len(counting) == 1
    assert len(asked) <= 4  # and the newest files, the enrolment, and the score


def fill_done(shop: Shop) -> None:
    """Records that wait for nobody any more, enough of them for a plan to matter."""
    days = [NOON_ZERO - number * HOUR for number in range(MANY)]
    own = [{"shop": shop, "external_id": str(day), "as_of": day} for day in days]
    times = list(zip(own, days, strict=True))
    Order.objects.bulk_create(
        Order(placed_at=day, paid_at=day, ship_by=day, shipped_at=day, **more)
        for more, day in times
    )
    Consultation.objects.bulk_create(
        Consultation(started_at=day, started_by="buyer", first_reply_seconds=9, **more)
        for more, day in times
    )
    Violation.objects.bulk_create(
        Violation(clause="1.1", occurred_at=day, executed_at=day, state="executed", **more)
        for more, day in times
    )
    Review.objects.bulk_create(
        Review(rating=1, created_at=day, replied_at=day, **more) for more, day in times
    )
    AfterSaleCase.objects.bulk_create(
        AfterSaleCase(applied_at=day, closed_at=day, due_at=day, outcome="completed", **more)
        for more, day in times
    )


MANY = 2000
INDEXES = {
    "order_to_ship", "case_open", "review_unanswered", "complaint_unanswered",
    "delayreport_undecided", "consultation_shop_started",
    "violation_pending",
}  # fmt: skip


def test_counting_reads_only_what_waits(visit: Visit) -> None:
    fill_done(visit.shop)
    with CaptureQueriesContext(connection) as asked:
        lines_of(visit)
    (counting,) = (q["sql"] for q in asked.captured_queries if "UNION ALL" in q["sql"])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE stores_order, stores_review, stores_consultation")
        cursor.execute("ANALYZE aftersales_aftersalecase, stores_complaint, stores_delayreport")
        cursor.execute("ANALYZE stores_violation")
        # Small tables are read whole; what matters is that there is a way through an index.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {counting}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert {name for name in INDEXES if name not in plan} == set()
    assert "Seq Scan" not in plan


def test_two_files_cannot_declare_the_same_duty() -> None:
    register_folder("stores.duties")  # the same files again are the same duties
