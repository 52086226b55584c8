"""Reviews, complaints, parcels and delay reports: what waits is shown, what is done is recorded."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from aftersales.models import ComplaintWork
from stores.models import (
    AuditEntry,
    Complaint,
    DelayReport,
    Exclusion,
    Parcel,
    Review,
    Shop,
    Touch,
    User,
)
from tests.aftersales.conftest import MakeCase
from tests.conftest import DAY_ZERO, NOON_ZERO, SignedIn
from tests.factories import make_order, make_user

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def browser(bob: User, signed_in: SignedIn) -> Client:
    """Bob's."""
    return signed_in(bob)


@pytest.fixture
def admin(signed_in: SignedIn, db: None) -> Client:
    """Dora's."""
    return signed_in(make_user("dora", is_staff=True))


def review(shop: Shop, key: str, rating: int, age: timedelta, **more: object) -> Review:
    return Review.objects.create(
        shop=shop, external_id=key, order_ref=key, rating=rating, created_at=NOON_ZERO - age,
        as_of=NOON_ZERO, text=f"text of {key}", **more,
    )  # fmt: skip


def test_reviews_still_in_time_wait_in_front_of_late_ones(shop: Shop, browser: Client) -> None:
    for key, rating, age in (
        ("year old", 1, 365 * DAY), ("just late", 3, 73 * HOUR), ("fresh", 2, HOUR),
        ("nearly due", 2, 71 * HOUR), ("worst", 1, 2 * HOUR),
    ):  # fmt: skip
        review(shop, key, rating, age)
    told = re.findall(r"text of ([a-z ]+)<", browser.get("/s/plum/reviews/").text)
    assert told == ["worst", "nearly due", "fresh", "just late", "year old"]
    low = re.findall(r"text of ([a-z ]+)<", browser.get("/s/plum/reviews/?show=low").text)
    assert low == ["fresh", "worst", "nearly due", "just late", "year old"]


def test_low_reviews_wait_with_the_lowest_first(shop: Shop, browser: Client) -> None:
    review(shop, "three", 3, 80 * HOUR)
    review(shop, "one", 1, HOUR)
    review(shop, "five", 5, HOUR)
    review(shop, "done", 2, HOUR, replied_at=NOON_ZERO)
    text = browser.get("/s/plum/reviews/").text
    assert text.index("text of one") < text.index("text of three")
    assert "text of five" not in text
    assert "2 条低分评价待回复" in text
    assert "1 条已超时" in text
    assert "3 条低分的回复率 33%" in text


def test_an_answer_to_a_review_is_recorded_once(shop: Shop, browser: Client) -> None:
    low = review(shop, "one", 1, HOUR)
    url = f"/s/plum/reviews/{low.pk}/reply/"
    assert "已登记评价回复" in browser.post(url, {"text": "谢谢 13812345678"}, follow=True).text
    assert "已经登记过" in browser.post(url, {"text": "再来"}, follow=True).text
    low.refresh_from_db()
    assert low.replied_at == low.as_of == NOON_ZERO
    assert AuditEntry.objects.get().reason == "谢谢 [电话]"


def test_those_to_invite_have_neither_review_nor_case(
    shop: Shop, browser: Client, make_case: MakeCase
) -> None:
    for key, age in (("good", 3 * DAY), ("cased", 3 * DAY), ("told", 3 * DAY), ("new", HOUR)):
        make_order(shop, external_id=f"{key}-order", signed_at=NOON_ZERO - age)
    make_case("c", order_ref="cased-order")
    review(shop, "told-order", 5, DAY)
    text = browser.get("/s/plum/reviews/", {"show": "invite"}).text
    assert "good-order" in text
    assert not any(f"{key}-order" in text for key in ("cased", "told", "new"))
    assert "有售后的 1 单先不邀请" in text
    Shop.objects.update(service_mode=Shop.ServiceMode.PLATFORM)
    text = browser.get("/s/plum/reviews/", {"show": "invite"}).text
    assert "good-order" not in text
    assert "平台邀请" in text


def test_a_complaint_has_a_day_to_be_answered(shop: Shop, browser: Client) -> None:
    complaint = Complaint.objects.create(
        shop=shop, external_id="t1", order_ref="o1", opened_at=NOON_ZERO - 20 * HOUR,
        as_of=NOON_ZERO, text="没人回我",
    )  # fmt: skip
    assert "4 小时" in browser.get("/s/plum/complaints/").text
    url = f"/s/plum/complaints/{complaint.pk}/reply/"
    assert "已登记投诉回复" in browser.post(url, {"text": "方案"}, follow=True).text
    assert "没有待回复的投诉" in browser.get("/s/plum/complaints/").text
    complaint.refresh_from_db()
    assert (complaint.answered_at, complaint.outcome) == (NOON_ZERO, "open")


def test_what_was_done_about_a_complaint_is_kept_and_a_withdrawal_only_noted(
    shop: Shop, browser: Client
) -> None:
    complaint = Complaint.objects.create(
        shop=shop, external_id="t1", order_ref="o1", opened_at=NOON_ZERO, as_of=NOON_ZERO
    )
    url = f"/s/plum/complaints/{complaint.pk}/work/"
    sent = {
        "version": 0, "plan_clear": "on", "compensation": "12.50", "note": "换新",
        "withdrawal_agreed_at": "2024-03-01T11:30",
    }  # fmt: skip
    browser.post(url, sent)
    work = ComplaintWork.objects.get()
    assert (work.plan_clear, work.contact_right, work.compensation) == (True, False, 1250)
    assert work.withdrawal_agreed_at == NOON_ZERO - HOUR / 2
    assert "别人改过" in browser.post(url, sent, follow=True).text
    complaint.refresh_from_db()
    assert complaint.outcome == "open"
    assert "12.50" in browser.get("/s/plum/complaints/").text


def test_orders_to_ship_stand_by_channel_and_urgency(shop: Shop, browser: Client) -> None:
    for key, channel, left in (
        ("due", "normal", 5), ("over", "normal", -5), ("live", "live", 5), ("far", "normal", 40),
    ):  # fmt: skip
        make_order(shop, external_id=f"{key}-o", channel=channel, ship_by=NOON_ZERO + left * HOUR)
    text = browser.get("/s/plum/orders/").text
    assert "2 单要在 24 小时内发出" in text
    assert "1 单已超期" in text
    for query, found in (
        ({}, "due-o"), ({"show": "overdue"}, "over-o"), ({"channel": "live"}, "live-o"),
        ({"show": "later"}, "far-o"),
    ):  # fmt: skip
        shown = browser.get("/s/plum/orders/", query).text
        assert [k for k in ("due-o", "over-o", "live-o", "far-o") if k in shown] == [found]


@pytest.mark.parametrize(("status", "hours"), [
    ("in_transit", 48), ("out_for_delivery", 24), ("customs", 72),
])  # fmt: skip
def test_a_parcel_that_stands_still_is_abnormal(
    shop: Shop, browser: Client, status: str, hours: int
) -> None:
    for key, age in (("still", hours + 1), ("moving", hours - 1)):
        Parcel.objects.create(
            shop=shop, external_id=key, order_ref="o1", status=status, as_of=NOON_ZERO,
            last_event_at=NOON_ZERO - age * HOUR,
        )  # fmt: skip
    text = browser.get("/s/plum/orders/parcels/", {"show": status}).text
    assert "still" in text
    assert "moving" not in text
    assert "1 个包裹停住了" in text


def test_an_accepted_report_takes_the_order_out_and_a_refused_one_back(
    shop: Shop, browser: Client, admin: Client
) -> None:
    make_order(shop, external_id="o9", ship_by=NOON_ZERO, signed_at=NOON_ZERO - 2 * DAY)
    page = "/s/plum/orders/delay-reports/"
    sent = {"order_ref": "o9", "cause": "暴雪封路", "evidence": "交警通告"}
    assert "没有这个订单" in browser.post(page, sent | {"order_ref": "x"}, follow=True).text
    assert "报备已提交" in browser.post(page, sent, follow=True).text
    assert "在等审核" in browser.post(page, sent, follow=True).text
    report = DelayReport.objects.get()
    decide = f"/admin-desk/delay-reports/{report.pk}/"
    assert browser.post(decide, {"decision": "accepted", "reason": "x"}).status_code == 404
    assert not Touch.objects.exists()
    admin.post(decide, {"decision": "accepted", "reason": "属实"})
    exclusion = Exclusion.objects.get()
    assert (exclusion.external_id, exclusion.kind, exclusion.revoked_at) == ("o9", "order", None)
    assert "ship_on_time_rate" in exclusion.metrics
    days = sorted(Touch.objects.values_list("day", flat=True))
    assert days == [DAY_ZERO - 2 * DAY, DAY_ZERO]
    admin.post(decide, {"decision": "refused", "reason": "凭证不符"})
    exclusion.refresh_from_db()
    assert exclusion.revoked_at is not None
    assert AuditEntry.objects.order_by("pk").last().reason == "凭证不符"  # type: ignore[union-attr]
