"""Beside a case stand the newest of its SKU and of its buyer, of the last 180 days."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aftersales.models import AfterSaleCase
from aftersales.selectors.earlier_cases import SHOWN, CasesEarlier, cases_earlier
from stores.models import OrderLine, Shop
from tests.aftersales.conftest import MakeCase
from tests.conftest import NOON_ZERO
from tests.factories import make_order, make_shop

DAY = timedelta(days=1)


Buy = Callable[..., None]


@pytest.fixture
def buy(shop: Shop) -> Buy:
    """An order of goods given as (product, SKU), one line each."""

    def order(ref: str, *goods: tuple[str, str], buyer: str = "", of: Shop = shop) -> None:
        make_order(of, external_id=ref, buyer_ref=buyer)
        for number, (product, sku) in enumerate(goods, 1):
            OrderLine.objects.create(
                shop=of, order_ref=ref, line_no=number, product_ref=product, sku=sku,
                quantity=1, line_paid=100, as_of=NOON_ZERO,
            )  # fmt: skip

    return order


def around(case: AfterSaleCase) -> CasesEarlier:
    """What stands beside a case at noon of day zero."""
    return cases_earlier(shop=case.shop, case=case, now=NOON_ZERO)


def names(rows: list[AfterSaleCase]) -> list[str]:
    """Their ids."""
    return [row.external_id for row in rows]


def test_the_same_sku_of_the_same_product_counts(buy: Buy, make_case: MakeCase) -> None:
    buy("o1", ("p1", "red"))
    buy("o2", ("p1", "red"))
    buy("o3", ("p1", "blue"))
    buy("o4", ("p2", "red"))
    for number in (2, 3, 4):
        make_case(f"c{number}", order_ref=f"o{number}")
    found = around(make_case("c1", order_ref="o1"))
    assert (names(found.of_sku), found.sku_count) == (["c2"], 1)
    assert (found.of_buyer, found.buyer_count) == ([], 0)


def test_a_case_that_names_its_line_is_about_that_line(buy: Buy, make_case: MakeCase) -> None:
    buy("o1", ("p1", "red"), ("p2", "blue"))
    buy("o2", ("p1", "red"))
    buy("o3", ("p2", "blue"))
    make_case("c2", order_ref="o2")
    make_case("c3", order_ref="o3")
    named = make_case("c1", order_ref="o1", line_no=2)
    assert names(around(named).of_sku) == ["c3"]
    named.line_no = None
    assert names(around(named).of_sku) == ["c2"]


def test_goods_without_an_id_resemble_nothing(buy: Buy, make_case: MakeCase) -> None:
    buy("o1", ("", ""))
    buy("o2", ("", ""))
    make_case("c2", order_ref="o2")
    assert around(make_case("c1", order_ref="o1")).cases == []


def test_the_buyer_is_known_by_the_reference_of_the_order(buy: Buy, make_case: MakeCase) -> None:
    buy("o1", ("p1", "red"), buyer="b1")
    buy("o2", ("p2", "red"), buyer="b1")
    buy("o3", ("p3", "red"), buyer="b2")
    make_case("c2", order_ref="o2")
    make_case("c3", order_ref="o3")
    found = around(make_case("c1", order_ref="o1"))
    assert (names(found.of_buyer), found.buyer_count) == (["c2"], 1)


def test_two_unknown_buyers_are_not_one(buy: Buy, make_case: MakeCase) -> None:
    buy("o1", ("p1", "red"))
    buy("o2", ("p2", "red"))
    make_case("c2", order_ref="o2")
    assert around(make_case("c1", order_ref="o1")).of_buyer == []


def test_the_newest_five_are_shown_and_all_are_counted(buy: Buy, make_case: MakeCase) -> None:
    buy("o1", ("p1", "red"), buyer="b1")
    for number in range(SHOWN + 2):
        buy(f"x{number}", ("p1", "red"), buyer="b1")
        make_case(f"x{number}", order_ref=f"x{number}", applied_at=NOON_ZERO - number * DAY)
    make_case("long ago", order_ref="x0", applied_at=NOON_ZERO - 181 * DAY)
    case = make_case("c1", order_ref="o1")
    with CaptureQueriesContext(connection) as asked:
        found = around(case)
    assert len(asked) == 1
    newest = [f"x{number}" for number in range(SHOWN)]
    assert names(found.of_sku) == names(found.of_buyer) == newest
    assert found.sku_count == found.buyer_count == SHOWN + 2


def test_the_shop_next_door_with_the_same_ids_stays_out(buy: Buy, make_case: MakeCase) -> None:
    other = make_shop("next-door")
    buy("o1", ("p1", "red"), buyer="b1")
    buy("o2", ("p1", "red"), buyer="b1", of=other)
    make_case("c2", shop=other, order_ref="o2")
    found = around(make_case("c1", order_ref="o1"))
    assert (found.cases, found.sku_count, found.buyer_count) == ([], 0, 0)


def test_an_order_of_the_same_id_next_door_says_nothing_about_this_one(
    shop: Shop, buy: Buy, make_case: MakeCase
) -> None:
    buy("o1", ("p2", "blue"), buyer="b2", of=make_shop("next-door"))
    buy("o1", ("p1", "red"), buyer="b1")
    OrderLine.objects.for_shop(shop).update(line_no=2)
    for number, (product, sku), buyer in ((2, ("p1", "red"), "b1"), (3, ("p2", "blue"), "b2")):
        buy(f"o{number}", (product, sku), buyer=buyer)
        make_case(f"c{number}", order_ref=f"o{number}")
    found = around(make_case("c1", order_ref="o1"))
    assert (names(found.of_sku), names(found.of_buyer)) == (["c2"], ["c2"])


def test_an_order_nobody_knows_has_nothing_beside_it(make_case: MakeCase) -> None:
    assert around(make_case("c1", order_ref="unknown")).cases == []
