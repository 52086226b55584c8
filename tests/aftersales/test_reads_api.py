"""Programs read what the workbench, a case and the pages of orders show.

Each answer is held against the selector of its page.
"""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from aftersales.case_words import VERDICT_WORDS
from aftersales.models import AfterSaleCase
from aftersales.selectors.case_filters import QUEUES
from aftersales.selectors.case_page import case_page
from aftersales.selectors.complaints import complaints_page
from aftersales.selectors.queue_counts import queues_and_answers
from aftersales.selectors.reviews import reviews_page
from aftersales.selectors.shipping import parcels, warnings
from aftersales.services.bulk import bulk_preview
from aftersales.services.cases import Given
from stores.models import Complaint, DelayReport, Parcel, Review, Shop, User
from tests.aftersales.conftest import MakeCase
from tests.conftest import NOON_ZERO, SignedIn
from tests.factories import make_order
from tests.pages.cases import CASE, CASES, cases_build

API = "/api/v1/shops/plum/"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def browser(bob: User, signed_in: SignedIn) -> Client:
    """Bob's."""
    return signed_in(bob)


def results(browser: Client, path: str) -> list[dict[str, Any]]:
    answer = browser.get(API + path)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


def test_queues_tell_the_counts_of_the_workbench_and_open_their_cases(
    browser: Client, shop: Shop, make_case: MakeCase
) -> None:
    for number, state in enumerate(["review", "review", "receipt", "platform", "buyer_confirms"]):
        make_case(f"c{number}", state=state, due_at=NOON_ZERO + HOUR)
    make_case("early", applied_at=NOON_ZERO - DAY, first_reply_at=NOON_ZERO - DAY + HOUR / 2)
    make_case("done", outcome="closed", state="closed", closed_at=NOON_ZERO - DAY)
    told = browser.get(API + "aftersales/queues/").json()
    counts, answers = queues_and_answers(shop=shop, now=NOON_ZERO, days=1)
    assert {one["queue"]: one["cases"] for one in told["queues"]} == {
        queue: counts[queue] for queue in QUEUES
    }
    assert (told["urgent"], told["ended_yesterday"]) == (counts["urgent"], counts["yesterday"])
    assert (told["answers"]["cases"], told["answers"]["in_target"]) == (
        answers.cases, answers.in_target,
    ) == (1, 1)  # fmt: skip
    for one in told["queues"]:
        rows = results(browser, f"aftersales/?queue={one['queue']}")
        assert len(rows) == one["cases"], one["queue"]
    urgent = results(browser, "aftersales/?is_urgent=true")
    calm = results(browser, "aftersales/?is_urgent=false")
    assert (len(urgent), len(calm)) == (told["urgent"], 7 - told["urgent"])


def test_queues_are_sent_again_only_when_they_have_changed(
    browser: Client, make_case: MakeCase
) -> None:
    first = browser.get(API + "aftersales/queues/")
    same = {"If-None-Match": first["ETag"]}
    assert browser.get(API + "aftersales/queues/", headers=same).status_code == 304
    make_case()
    assert browser.get(API + "aftersales/queues/", headers=same).status_code == 200


def test_a_verdict_says_what_the_page_of_the_case_says(browser: Client, shop: Shop) -> None:
    cases_build(shop)
    make_order(shop, external_id="o1", signed_at=NOON_ZERO - 20 * DAY)
    for number in range(CASES):
        page = case_page(shop=shop, pk=CASE + number, template="", now=NOON_ZERO)
        assert page is not None
        period = page.about.verdict.period
        assert period is not None
        (told,) = results(browser, f"aftersales/verdicts/?id={page.case.external_id}")
        assert (told["standing"], told["qualifies"]) == (
            page.about.verdict.standing, page.about.verdict.qualifies,
        )  # fmt: skip
        assert (told["explained"], told["days"]) == (page.reasons, page.terms.days)
        assert (told["first_day"], told["last_day"]) == (str(period.first), str(period.last))
        assert told["ends_at"] == f"{period.last}T23:59:59+08:00"
        assert (told["days_from"], told["exemption"]) == ("category", "")


def test_a_verdict_without_an_order_has_no_period(browser: Client, make_case: MakeCase) -> None:
    make_case(condition="used")
    (told,) = results(browser, "aftersales/verdicts/")
    assert (told["first_day"], told["ends_at"], told["signed_at"]) == (None, None, None)
    assert (told["condition"], told["is_quality"], told["product_id"]) == ("used", True, "")
    assert told["reasons"] == ["quality", "not_signed"]
    assert told["explained"] == [str(VERDICT_WORDS[code]) for code in told["reasons"]]


def test_a_case_tells_the_steps_that_can_follow_and_its_hours(
    browser: Client, make_case: MakeCase
) -> None:
    make_case(kind="refund_shipped", waiting_buyer_seconds=1800)
    (told,) = results(browser, "aftersales/")
    assert {"refund", "reject"} <= set(told["open_steps"])
    assert told["shop_hours"] == 0.5


def test_cases_are_narrowed_as_on_the_workbench(
    browser: Client, shop: Shop, make_case: MakeCase
) -> None:
    for ref, buyer in (("o-a", "1:" + "ab" * 16), ("o-b", "1:" + "ab" * 16), ("o-c", "")):
        make_order(shop, external_id=ref, buyer_ref=buyer)
    make_case("a", order_ref="o-a", requested=2500)
    make_case("b", order_ref="o-b", reason="颜色不对", requested=1500)
    make_case("c", order_ref="o-c", reason="", kind="freight_only")
    for query, found in (
        ("requested_fen_at_most=2000", ["b"]), ("reason_has=颜色", ["b"]),
        ("has_reason=false", ["c"]), ("is_return=false", ["c"]), ("same_buyer_as=a", ["b"]),
        ("same_buyer_as=c", []), ("same_buyer_as=nobody", []),
    ):  # fmt: skip
        assert [one["id"] for one in results(browser, f"aftersales/?{query}")] == found, query


def test_orders_to_ship_and_parcels_that_stand_still_are_those_of_the_pages(
    browser: Client, shop: Shop
) -> None:
    for ref, hours, channel in (
        ("near", 3, "normal"), ("far", 50, "normal"), ("late", -1, "normal"), ("live", 2, "live"),
    ):  # fmt: skip
        make_order(shop, external_id=ref, ship_by=NOON_ZERO + hours * HOUR, channel=channel)
    DelayReport.objects.create(shop=shop, external_id="d", order_ref="late", as_of=NOON_ZERO)
    for status in ("in_transit", "customs", "signed"):
        Parcel.objects.create(
            shop=shop, external_id=status, order_ref="x", status=status, as_of=NOON_ZERO,
            last_event_at=NOON_ZERO - 100 * HOUR,
        )  # fmt: skip
    told = browser.get(API + "orders/warnings/").json()
    for one in told["orders"]:
        asked = f"{one['channel']}&urgency={one['urgency']}"
        rows = results(browser, f"orders/to-ship/?channel={asked}")
        query = QueryDict(f"channel={one['channel']}&show={one['urgency']}")
        page = warnings(shop=shop, asked=query, now=NOON_ZERO).page
        assert [row["id"] for row in rows] == [order.external_id for order in page.rows]
        assert ({row["urgency"] for row in rows} or {one["urgency"]}) == {one["urgency"]}
        assert one["orders"] == page.total
    everything = results(browser, "orders/to-ship/")
    assert [row["id"] for row in everything] == ["late", "live", "near", "far"]
    assert [row["is_reported"] for row in everything] == [True, False, False, False]
    assert len(results(browser, "parcels/stuck/")) == 2
    for one in told["parcels"]:
        stuck = parcels(shop=shop, asked=QueryDict(f"show={one['status']}"), now=NOON_ZERO)
        assert (one["hours"], one["parcels"]) == (stuck.hours, stuck.page.total)
        rows = results(browser, f"parcels/stuck/?status={one['status']}")
        assert [row["id"] for row in rows] == [parcel.external_id for parcel in stuck.page.rows]
    assert {one["decision"]: one["reports"] for one in told["delay_reports"]} == {
        "pending": 1, "accepted": 0, "refused": 0,
    }  # fmt: skip


def test_replies_for_a_case_are_filled_in_as_on_its_page(
    browser: Client, shop: Shop, make_case: MakeCase
) -> None:
    case = make_case()
    told = browser.get(API + "aftersales/replies/?case_id=c1").json()
    page = case_page(shop=shop, pk=case.pk, template="", now=NOON_ZERO)
    assert page is not None
    assert [one["text"] for one in told["replies"]] == [one.text for one in page.replies]
    assert not any("【订单】" in one["text"] for one in told["replies"])
    assert (told["cover"], page.cover) == (None, None)
    assert browser.get(API + "aftersales/replies/?case_id=c9").status_code == 404


def test_what_waits_among_reviews_is_told_as_on_the_page(
    browser: Client, shop: Shop, make_case: MakeCase
) -> None:
    for ref, rating, age in (("one", 1, HOUR), ("old", 2, 80 * HOUR), ("five", 5, HOUR)):
        Review.objects.create(
            shop=shop, external_id=ref, order_ref=ref, rating=rating, as_of=NOON_ZERO,
            created_at=NOON_ZERO - age,
        )  # fmt: skip
    for ref in ("asked", "cased"):
        make_order(shop, external_id=ref, signed_at=NOON_ZERO - 4 * DAY)
    make_case("c", order_ref="cased")
    told = browser.get(API + "reviews/counts/").json()
    page = reviews_page(shop=shop, asked=QueryDict("show=invite"), now=NOON_ZERO)
    for name in ("waiting", "overdue", "rate", "rate_of", "wanted_rate", "held_back"):
        assert told[name] == getattr(page, name), name
    assert (told["waiting"], told["overdue"], told["held_back"]) == (2, 1, 1)
    assert [one["order_id"] for one in results(browser, "reviews/invitations/")] == ["asked"]
    assert told["to_invite"] == 1
    low = results(browser, "reviews/?rating_at_most=3&is_replied=false")
    assert len(low) == told["waiting"]


def test_a_shop_of_the_platform_invites_nobody(browser: Client, shop: Shop) -> None:
    make_order(shop, external_id="asked", signed_at=NOON_ZERO - 4 * DAY)
    Shop.objects.update(service_mode=Shop.ServiceMode.PLATFORM)
    told = browser.get(API + "reviews/counts/").json()
    assert (told["may_invite"], told["to_invite"]) == (False, 0)
    assert results(browser, "reviews/invitations/") == []


def test_complaints_are_counted_as_on_the_page(browser: Client, shop: Shop) -> None:
    for ref, hours, answered in (("new", 1, None), ("late", 30, None), ("told", 3, NOON_ZERO)):
        Complaint.objects.create(
            shop=shop, external_id=ref, order_ref=ref, opened_at=NOON_ZERO - hours * HOUR,
            answered_at=answered, as_of=NOON_ZERO,
        )  # fmt: skip
    told = browser.get(API + "complaints/counts/").json()
    page = complaints_page(shop=shop, asked=QueryDict(), now=NOON_ZERO)
    assert [(one["show"], one["complaints"]) for one in told["lists"]] == [
        (show, n) for show, _title, n, _is_chosen in page.shows
    ]
    assert (told["overdue"], told["hours"]) == (page.overdue, page.hours) == (1, 24)


def test_many_steps_are_foreseen_as_on_the_page_and_nothing_is_done(
    browser: Client, shop: Shop, make_case: MakeCase
) -> None:
    make_case("a")
    make_case("c", state="receipt")
    seen = [{"case_id": ref, "version": 0} for ref in ("a", "c")]
    body = {"cases": seen, "step": "approve", "is_preview": True}
    told = browser.post(
        API + "aftersales/steps/many/", json.dumps(body), "application/json",
        headers={"Idempotency-Key": "k1"},
    ).json()  # fmt: skip
    wanted = [("a", 0), ("c", 0)]
    page = bulk_preview(shop=shop, wanted=wanted, name="approve", given=Given("", None))
    assert told["done"] == [about.case.external_id for about in page.ready] == ["a"]
    assert [one["why"] for one in told["refused"]] == [why for _about, why in page.refused]
    assert {case.state for case in AfterSaleCase.objects.filter(external_id="a")} == {"review"}
