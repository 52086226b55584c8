"""Programs read what the pages of diagnostics show: causes, lines behind numbers, whom to write to.

Each answer is held against the selector of its page.
"""

from datetime import date, timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from aftersales.models import AfterSaleCase, FindingRow, FindingSet, WinBackOffer
from aftersales.selectors.cuts_page import cuts_page
from aftersales.selectors.daily_returns import daily_page
from aftersales.selectors.findings_page import search_newest
from aftersales.selectors.goods_page import goods_page
from aftersales.selectors.prevention import orders_to_write, prevention_page
from aftersales.selectors.return_rows import rows_behind
from aftersales.selectors.root_cause import cause_rows, root_cause
from aftersales.selectors.week_report import week_report
from stores.models import Consultation, OrderLine, Parcel, Product, Review, Shop, User
from tests.conftest import DAY_ZERO, NOON_ZERO, SignedIn
from tests.factories import fill, make_order
from tests.pages.returns import sums_only

API = "/api/v1/shops/plum/"
CAUSE, ROWS, LISTS = (f"{API}diagnostics/{name}" for name in ("product/", "rows/", "prevention/"))
DAY = timedelta(days=1)
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def browser(bob: User, shop: Shop, signed_in: SignedIn) -> Client:
    """Bob's, in a shop that sold six lines of two products; of p1 every second came back."""
    sums_only(shop, DAY_ZERO)
    for n in range(6):
        placed = NOON_ZERO - (20 + n) * DAY
        make_order(
            shop, external_id=f"o{n}", placed_at=placed, paid_at=placed, signed_at=placed + 3 * DAY
        )
        OrderLine.objects.create(
            shop=shop, order_ref=f"o{n}", line_no=1, as_of=NOON_ZERO, product_ref=f"p{n % 2 + 1}",
            sku=f"k{n % 2 + 1}", line_paid=8800,
        )  # fmt: skip
    for n, reason in ((0, "袖子太短"), (2, ""), (4, "袖子太短")):
        a_case(shop, f"c{n}", order_ref=f"o{n}", reason=reason)
    a_case(shop, "freight", order_ref="o0", kind="freight_only")
    return signed_in(bob)


def a_case(shop: Shop, ref: str, **fields: Any) -> AfterSaleCase:
    usual = {
        "kind": "return_refund", "outcome": "completed", "state": "completed", "refunded": 8800,
        "applied_at": NOON_ZERO - 9 * DAY, "closed_at": NOON_ZERO - 5 * DAY, "line_no": 1,
    }  # fmt: skip
    return AfterSaleCase.objects.create(
        shop=shop, external_id=ref, as_of=NOON_ZERO, **(usual | fields)
    )


def results(browser: Client, path: str) -> list[dict[str, Any]]:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


def test_goods_are_offered_where_none_is_named(browser: Client, shop: Shop) -> None:
    told = browser.get(CAUSE + "?basis=paid").json()
    page = goods_page(shop=shop, asked=QueryDict("basis=paid"), today=DAY_ZERO)
    assert page is not None
    assert (told["cause"], told["goods"]["basis"]) == (None, "paid")
    for name in ("products", "skus"):
        assert [one["value"] for one in told["goods"][name]] == [
            line.value for line in getattr(page, name)
        ]


def test_the_cause_of_a_product_is_that_of_its_page(browser: Client, shop: Shop) -> None:
    Review.objects.create(
        shop=shop, external_id="r1", order_ref="o0", product_ref="p1", rating=1, as_of=NOON_ZERO,
        text="袖子太短了", created_at=NOON_ZERO - DAY,
    )  # fmt: skip
    Consultation.objects.create(
        shop=shop, external_id="t1", order_ref="o2", started_at=NOON_ZERO - DAY, as_of=NOON_ZERO,
        text="为什么袖子太短", started_by="buyer",
    )  # fmt: skip
    told = browser.get(CAUSE + "?product_id=p1").json()["cause"]
    page = root_cause(shop=shop, asked=QueryDict("product=p1"), today=DAY_ZERO)
    assert page is not None
    assert (told["cases"], told["first_day"]) == (page.total, page.first_day.isoformat())
    assert [(one["reason"], one["returns"]) for one in told["reasons"]] == [
        (reason, n) for reason, n, _query, _chosen in page.reasons
    ]
    assert [(one["word"], one["texts"]) for one in told["words"]] == page.words
    assert [(one["kind"], one["count"]) for one in told["sources"]] == [
        ("reviews", 1), ("notes", 0), ("consultations", 1),
    ]  # fmt: skip
    quote = told["sources"][0]["quotes"][0]
    assert (quote["text"], quote["words"]) == ("袖子太短了", ["袖子太短"])


def test_the_cases_behind_a_cause_are_in_the_list_of_cases(browser: Client, shop: Shop) -> None:
    cause = browser.get(CAUSE + "?sku=k1").json()["cause"]
    after = date.fromisoformat(cause["last_day"]) + DAY
    where = (
        f"{API}aftersales/?sku=k1&is_return=true"
        f"&applied_from={cause['first_day']}&applied_before={after}"
    )
    page = cause_rows(shop=shop, goods=("sku", "k1"), asked=QueryDict(), today=DAY_ZERO)
    assert {one["id"] for one in results(browser, where)} == {case.external_id for case in page}
    assert [one["id"] for one in results(browser, f"{where}&has_reason=false")] == ["c2"]
    assert len(results(browser, f"{where}&reason=袖子太短")) == 2
    assert results(browser, f"{API}aftersales/?product_id=p2") == []
    assert len(results(browser, f"{API}aftersales/?product_id=p1")) == 4


@pytest.mark.parametrize("query", ["product_id=p9", "sku=k9"])
def test_goods_nobody_bought_have_no_cause(browser: Client, query: str) -> None:
    assert browser.get(f"{CAUSE}?{query}").status_code == 404


@pytest.mark.parametrize(
    "query",
    ["", "by=product&value=p1", "by=sku&value=k1&basis=paid", "by=reason&value=袖子太短",
     "by=day&value=2024-02-21&basis=applied", "by=days_after_order&value=11",
     "by=all&only=quality"],
)  # fmt: skip
def test_the_lines_behind_a_number_are_those_of_its_page(
    browser: Client, shop: Shop, query: str
) -> None:
    page = rows_behind(shop=shop, asked=QueryDict(query))
    assert page is not None
    told = results(browser, f"{ROWS}?{query}")
    expected = {(row.line.order_ref, row.case and row.case.external_id) for row in page}
    assert {(one["order_id"], one["case_id"]) for one in told} == expected
    assert told or "only=quality" in query


def test_lines_without_a_reason_are_asked_for_without_one(browser: Client) -> None:
    (row,) = results(browser, f"{ROWS}?by=reason")
    assert (row["order_id"], row["reason"], row["line_paid_fen"]) == ("o2", "", 8800)


def test_lines_come_in_pages(browser: Client) -> None:
    first = browser.get(f"{ROWS}?page_size=2").json()
    rest = browser.get(first["next"]).json()
    assert {one["order_id"] for one in first["results"] + rest["results"]} == {"o0", "o2", "o4"}
    assert rest["next"] is None


def test_lines_of_nothing_are_not_there(browser: Client) -> None:
    assert browser.get(f"{ROWS}?by=hour").status_code == 404
    assert browser.get(f"{ROWS}?by=moon&value=1").status_code == 400


def test_a_finding_opens_its_lines_by_rank_and_day(browser: Client, shop: Shop) -> None:
    keys = list(OrderLine.objects.filter(order_ref__in=["o0", "o2"]).values_list("pk", flat=True))
    for back, lines in ((0, keys), (1, keys[:1])):
        found = fill(FindingSet, "x", shop=shop, date=DAY_ZERO - back * DAY)
        fill(FindingRow, "x", shop=shop, found=found, rank=1, outcome="return", lines=lines)
    where = f"{API}findings/rows/"
    assert {one["order_id"] for one in results(browser, where)} == {"o0", "o2"}
    assert len(results(browser, f"{where}?date={DAY_ZERO - DAY}&rank=1")) == 1
    assert browser.get(f"{where}?rank=2").status_code == 404
    assert browser.get(f"{where}?rank=0").status_code == 400


def test_whom_to_write_to_is_told_list_by_list(browser: Client, shop: Shop) -> None:
    make_order(shop, external_id="slow", signed_at=None)
    make_order(shop, external_id="here", signed_at=NOON_ZERO - DAY)
    make_order(shop, external_id="quiet", signed_at=NOON_ZERO - 4 * DAY)
    Parcel.objects.create(
        shop=shop, external_id="t", order_ref="slow", status="in_transit", as_of=NOON_ZERO,
        shipped_at=NOON_ZERO - 6 * DAY,
    )  # fmt: skip
    told = browser.get(LISTS + "lists/").json()
    assert {one["show"]: one["orders"] for one in told["lists"]} == {
        "late": 1, "hint": 1, "ask": 1, "back": 3,
    }  # fmt: skip
    for one in told["lists"]:
        page = orders_to_write(shop=shop, show=one["show"], now=NOON_ZERO)
        rows = results(browser, f"{LISTS}?show={one['show']}")
        assert {row["order_id"] for row in rows} == {order.external_id for order in page}
        shown = prevention_page(shop=shop, asked=QueryDict(f"show={one['show']}"), now=NOON_ZERO)
        assert (shown.reply and shown.reply.key) == one["reply_key"]


def test_an_order_that_came_back_tells_what_its_buyer_was_offered(
    browser: Client, shop: Shop
) -> None:
    WinBackOffer.objects.create(
        shop=shop, order_ref="o0", offer="coupon", worth=1500, offered_on=DAY_ZERO, version=2
    )
    rows = {one["order_id"]: one for one in results(browser, f"{LISTS}?show=back")}
    assert rows["o0"]["offer"] == {
        "offer": "coupon", "worth_fen": 1500, "note": "", "offered_on": "2024-03-01", "version": 2,
    }  # fmt: skip
    assert (rows["o2"]["offer"], rows["o2"]["since"]) == (None, "2024-02-25T12:00:00+08:00")
    assert browser.get(f"{LISTS}?show=moon").status_code == 400


def test_a_finding_says_what_its_page_says(browser: Client, shop: Shop) -> None:
    found = fill(FindingSet, "x", shop=shop, date=DAY_ZERO)
    fill(
        FindingRow, "x", shop=shop, found=found, rank=1, outcome="return", lift=4.0, lines=[],
        cut=[["product", "p1"], ["courier", "圆通"]], excess_fen=250.5, bars=[["圆通", 40, 20]],
        reasons=[["袖子太短", 20]],
    )  # fmt: skip
    Product.objects.create(shop=shop, external_id="p1", title="长袖", as_of=NOON_ZERO)
    (told,) = results(browser, f"{API}findings/")
    search = search_newest(shop=shop, today=DAY_ZERO)
    assert search is not None
    (shown,) = search.findings
    assert (told["sentence"], told["advice"]) == (shown.sentence, shown.advice)
    assert "长袖" in told["sentence"]
    assert told["excess_fen"] == 251
    whole = browser.get(f"{API}findings/search/").json()
    assert (whole["findings"], whole["excess_fen"]) == (1, 251)
    assert (whole["rate"], whole["lines"]) == (search.returns.value, search.found.rows)
    assert told["bars"] == [{"value": "圆通", "lines": 40, "returns": 20}]
    assert told["reasons"] == [{"reason": "袖子太短", "returns": 20}]


def test_nobody_has_searched_before_the_first_night(browser: Client) -> None:
    assert browser.get(f"{API}findings/search/").status_code == 404


def test_a_day_tells_its_first_reasons(browser: Client, shop: Shop) -> None:
    whole = browser.get(f"{API}diagnostics/daily/").json()
    told = whole["days"]
    page = daily_page(shop=shop, asked=QueryDict(), today=DAY_ZERO)
    assert page is not None
    assert [[(one["reason"], one["returns"]) for one in day["reasons"]] for day in told] == [
        line.top for line in page.days
    ]
    assert (whole["middle"], whole["mature_days"]) == (
        page.quality_control.middle, page.mature_days,
    )  # fmt: skip
    assert [day["returns_outside"] for day in told] == [line.returns_outside for line in page.days]


def test_the_week_tells_the_hours_of_the_weeks_before(browser: Client, shop: Shop) -> None:
    told = browser.get(f"{API}diagnostics/week/").json()
    page = week_report(shop=shop, asked=QueryDict(), today=DAY_ZERO)
    assert page is not None
    assert [(one["last_day"], one["hours"]) for one in told["weeks"]] == [
        (str(bar.last), bar.hours) for bar in page.bars
    ]
    assert (told["target_minutes"], told["data_day"]) == (page.target_minutes, str(page.data_day))


def test_the_heat_map_names_its_products(browser: Client, shop: Shop) -> None:
    told = browser.get(f"{API}diagnostics/cuts/").json()["products"]
    page = cuts_page(shop=shop, asked=QueryDict(), today=DAY_ZERO)
    assert page is not None
    assert [(one["product_id"], one["title"], one["returns"]) for one in told] == page.products
