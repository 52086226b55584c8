"""Programs look a record of a shop up as its people do on the page."""

from datetime import timedelta

import pytest

from aftersales.models import AfterSaleCase
from stores.models import OrderLine, Parcel, Product, Shop, User
from tests.api.conftest import Program
from tests.conftest import NOON_ZERO
from tests.factories import make_order, make_shop

SEARCH = "/api/v1/shops/plum/search/"
LISTS = ("orders", "cases", "parcels", "products", "complaints")


def lay_order(shop: Shop) -> None:
    """An order with a line, a parcel and a case."""
    told = {"shop": shop, "as_of": NOON_ZERO}
    make_order(shop, external_id="P7726")
    Product.objects.create(**told, external_id="p501", title="针织衫")
    OrderLine.objects.create(**told, order_ref="P7726", line_no=1, product_ref="p501", sku="p501-M")
    Parcel.objects.create(**told, external_id="SF731200", order_ref="P7726")
    AfterSaleCase.objects.create(
        **told, external_id="AS-2091", order_ref="P7726", kind="exchange",
        applied_at=NOON_ZERO - timedelta(hours=1), return_tracking_no="YT885100",
    )  # fmt: skip


def test_everything_that_belongs_to_an_order_is_found_with_it(
    program: Program, bob: User, shop: Shop
) -> None:
    lay_order(shop)
    told = program(bob).get(SEARCH, {"q": " Ｐ7726 "}).json()
    assert told["query"] == "P7726"
    ids = {kind: [row["id"] for row in told[kind]] for kind in LISTS}
    assert ids == {
        "orders": ["P7726"], "cases": ["AS-2091"], "parcels": ["SF731200"], "products": [],
        "complaints": [],
    }  # fmt: skip
    assert [line["sku"] for line in told["orders"][0]["lines"]] == ["p501-M"]
    assert (told["sku"], told["cut"]) == (None, [])


def test_a_sku_and_a_return_parcel_are_found(program: Program, alice: User, shop: Shop) -> None:
    lay_order(shop)
    client = program(alice)
    sku = client.get(SEARCH, {"q": "p501-M"}).json()["sku"]
    assert sku == {"sku": "p501-M", "spec": "", "product_id": "p501", "title": "针织衫"}
    cases = client.get(SEARCH, {"q": "YT885100"}).json()["cases"]
    assert [case["id"] for case in cases] == ["AS-2091"]


def test_what_is_not_listed_in_full_is_named(program: Program, alice: User, shop: Shop) -> None:
    for number in range(21):
        make_order(shop, external_id=f"P900{number:02}")
    told = program(alice).get(SEARCH, {"q": "P900"}).json()
    assert (len(told["orders"]), told["cut"]) == (20, ["orders"])


def test_nothing_of_another_shop_is_told(
    program: Program, alice: User, charlie: User, shop: Shop
) -> None:
    lay_order(make_shop("pear"))
    for text in ("P7726", "AS-2091", "SF731200", "p501", "p501-M", "针织衫"):
        told = program(alice).get(SEARCH, {"q": text}).json()
        assert [*(row for kind in LISTS for row in told[kind]), told["sku"]] == [None]
    assert program(charlie).get(SEARCH, {"q": "P7726"}).status_code == 404


def test_nothing_is_found_unasked(program: Program, alice: User, shop: Shop) -> None:
    lay_order(shop)
    for query in ({}, {"q": "   "}):
        told = program(alice).get(SEARCH, query).json()
        assert [told["shop_id"], *(row for kind in LISTS for row in told[kind])] == ["plum"]


@pytest.mark.parametrize("text", ["", "P\x0026", "P\x0126", "P" * 65])
def test_what_cannot_be_looked_for_is_a_problem(
    program: Program, alice: User, shop: Shop, text: str
) -> None:
    answer = program(alice).get(SEARCH, {"q": text})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["name"] == "q"
