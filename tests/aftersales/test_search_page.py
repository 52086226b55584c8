"""A record of the shop is found by its number, by that of its order or parcel, or by a title."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from aftersales.models import AfterSaleCase
from aftersales.selectors.lookup import MOST
from stores.models import Complaint, OrderLine, Parcel, Product, Shop, User
from tests.aftersales.conftest import MakeCase
from tests.conftest import NOON_ZERO, SignedIn
from tests.factories import make_order, make_shop

HOUR = timedelta(hours=1)
NOTHING = "没有找到"
MOST_QUERIES = 13
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def browser(bob: User, signed_in: SignedIn) -> Client:
    """Bob's."""
    return signed_in(bob)


def found(browser: Client, text: str, shop: str = "plum") -> str:
    """The results without the frame round them."""
    page = browser.get(f"/s/{shop}/search/?" + urlencode({"q": text})).text
    return page.partition("<main")[2].partition("</main>")[0]


def heads(main: str) -> list[tuple[str, ...]]:
    """The kinds that were found, with how many."""
    return re.findall(r'<h2 id="found-\w+">(\S+) <span class="text-3">(\d+)<', main)


def lay_order(shop: Shop, ref: str = "P7726") -> None:
    """An order with everything that can belong to it."""
    told = {"shop": shop, "as_of": NOON_ZERO}
    make_order(
        shop, external_id=ref, placed_at=NOON_ZERO - 90 * HOUR, shipped_at=NOON_ZERO - 80 * HOUR,
        signed_at=NOON_ZERO - 30 * HOUR, channel="live", order_paid=16_900,
    )  # fmt: skip
    Product.objects.create(**told, external_id="p501", title="法式方领针织衫", price=16_900)
    OrderLine.objects.create(
        **told, order_ref=ref, line_no=1, product_ref="p501", sku="p501-M", spec="杏色 M",
        quantity=1, line_paid=16_900,
    )  # fmt: skip
    Parcel.objects.create(
        **told, external_id="SF731200", order_ref=ref, courier="顺丰", status="signed",
        last_event_at=NOON_ZERO - 30 * HOUR,
    )  # fmt: skip
    AfterSaleCase.objects.create(
        **told, external_id="AS-2091", order_ref=ref, kind="return_refund", requested=16_900,
        applied_at=NOON_ZERO - 20 * HOUR, return_tracking_no="YT885100", state="receipt",
    )  # fmt: skip
    Complaint.objects.create(
        **told, external_id="T-3301", order_ref=ref, opened_at=NOON_ZERO - HOUR, topic="quality"
    )


def test_an_order_is_shown_with_its_times_lines_cases_and_parcels(
    shop: Shop, browser: Client
) -> None:
    lay_order(shop)
    main = found(browser, "P7726")
    assert heads(main) == [("订单", "1"), ("投诉", "1")]
    case = AfterSaleCase.objects.get()
    for told in (
        "<b>P7726</b>", '<span class="tag">直播订单</span>', "实付 169.00 元", "杏色 M",
        f'href="/s/plum/aftersales/cases/{case.pk}/">AS-2091</a>', "待收货</span>",
        '<span class="mono">SF731200</span>', "顺丰", "已签收</span>",
        'href="/s/plum/diagnostics/product/?product=p501">法式方领针织衫</a>',
    ):  # fmt: skip
        assert told in main, told


@pytest.mark.parametrize(("text", "kind"), [
    ("P77", None), ("P772", "订单"), ("SF731200", "包裹"), ("SF73", "包裹"), ("YT885100", "售后"),
    ("YT88", "售后"), ("AS-2", "售后"), ("T-3301", "投诉"), ("p501", "商品"),
    ("针织衫 法式", "商品"), ("p501-M", "商品"), ("p501-", None), ("%", None),
    ("P7_26", None), ("p772", None),
])  # fmt: skip
def test_numbers_are_found_exactly_or_from_four_characters_on(
    shop: Shop, browser: Client, text: str, kind: str | None
) -> None:
    lay_order(shop)
    main = found(browser, text)
    assert (heads(main)[0][0] if heads(main) else None) == kind
    assert (f"{NOTHING}「" in main) == (kind is None)


def test_the_number_of_one_case_leads_to_its_page(shop: Shop, browser: Client) -> None:
    lay_order(shop)
    case = AfterSaleCase.objects.get()
    answer = browser.get("/s/plum/search/?q=AS-2091")
    assert (answer.status_code, answer["Location"]) == (302, f"/s/plum/aftersales/cases/{case.pk}/")
    make_order(shop, external_id="AS-2091")
    assert ("订单", "1") in heads(found(browser, "AS-2091"))


def test_full_width_signs_and_blanks_round_a_number_do_not_matter(
    shop: Shop, browser: Client
) -> None:
    lay_order(shop)
    assert "<b>P7726</b>" in found(browser, "  Ｐ７７２６　")
    Product.objects.create(shop=shop, as_of=NOON_ZERO, external_id="p9", title="Ｍ码衬衫（白）")
    for text in ("（白）", "Ｍ码"):
        assert ("商品", "1") in heads(found(browser, text))


def test_a_case_of_an_order_nobody_imported_is_found_by_the_order(
    shop: Shop, browser: Client, make_case: MakeCase
) -> None:
    make_case("c1", order_ref="GONE-1")
    assert heads(found(browser, "GONE-1")) == [("售后", "1")]


def test_of_many_the_first_twenty_are_listed_and_it_says_so(shop: Shop, browser: Client) -> None:
    for number in range(MOST + 1):
        make_order(shop, external_id=f"P900{number:02}")
    main = found(browser, "P900")
    assert heads(main) == [("订单", "20")]
    assert "只列前 20 个" in main
    assert main.count('<article class="found-order">') == MOST
    assert "只列前 20 个" not in found(browser, "P9000")


def test_what_is_asked_stays_the_same_however_much_is_found(shop: Shop, browser: Client) -> None:
    def asked(text: str) -> int:
        cache.clear()  # the navigation counts what waits, in one of them
        with CaptureQueriesContext(connection) as queries:
            found(browser, text)
        return len(queries)

    lay_order(shop)
    few = asked("P772")
    for number in range(15):
        make_order(shop, external_id=f"P772-{number}")
        OrderLine.objects.create(
            shop=shop, as_of=NOON_ZERO, order_ref=f"P772-{number}", line_no=1, product_ref="p501"
        )
    assert asked("P772") == few <= MOST_QUERIES
    assert asked("nothing like it") <= MOST_QUERIES


def test_nothing_of_another_shop_is_found(
    shop: Shop, browser: Client, charlie: User, signed_in: SignedIn
) -> None:
    other = make_shop("pear")
    lay_order(other)
    for text in ("P7726", "P772", "AS-2091", "SF731200", "YT885100", "T-3301", "p501", "p501-M",
                 "针织衫"):  # fmt: skip
        main = found(browser, text)
        assert heads(main) == []
        assert f"{NOTHING}「{text}」" in main
    assert signed_in(charlie).get("/s/plum/search/?q=P7726").status_code == 404


def test_what_cannot_be_looked_for_is_refused_calmly(shop: Shop, browser: Client) -> None:
    lay_order(shop)
    assert "最多 64 个字" in found(browser, "P7726" * 2000)
    assert "看不见的字符" in found(browser, "P77\x0026")
    for text in ("<script>alert(1)</script>", "' OR '1'='1", "\\", "％＿", "{{ 7 }}"):
        main = found(browser, text)
        assert heads(main) == []
        assert "<script" not in main


def test_an_empty_search_tells_what_can_be_found(shop: Shop, browser: Client) -> None:
    for text in ("", "   "):
        main = found(browser, text)
        assert "可以找什么" in main
        assert main.count("<li>") == 3


def test_who_bought_is_neither_searched_nor_shown(shop: Shop, browser: Client) -> None:
    make_order(shop, external_id="P1111", buyer_ref="buyer-of-everything")
    assert f"{NOTHING}「" in found(browser, "buyer-of-everything")
    assert "buyer-of-everything" not in found(browser, "P1111")


def test_the_header_searches_on_every_page_of_a_shop(shop: Shop, browser: Client) -> None:
    for page in ("/s/plum/orders/", "/s/plum/aftersales/"):
        text = browser.get(page).text
        assert (
            '<form class="top-search" method="get" action="/s/plum/search/" role="search"' in text
        )
    assert 'class="top-search"' not in browser.get("/notifications/").text
    assert 'aria-current="page"' not in browser.get("/s/plum/search/").text
