"""Every list shows the own shop's rows alone, whatever one filters by."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve, reverse

from stores.access import Audience, policy_of
from stores.api.base import ApiList
from stores.models import ImportBatch, Order, OrderLine, Role, Shop, User
from tests.access.routes import Route, every_route
from tests.api.conftest import Program
from tests.api.records import furnish
from tests.conftest import DAY_ZERO
from tests.factories import START, make_order
from tests.pages.returns import sums_only

LISTS = [
    route
    for route in every_route()
    if issubclass(getattr(route.view, "cls", object), ApiList) and "shop" in route.parameters
]
# What these show hangs on the day, on what a night has found, or on what waits.
PARTIAL = {
    "api:scores", "api:return_rows", "api:finding_rows", "api:prevention", "api:orders_to_ship",
    "api:stuck_parcels", "api:review_invitations",
}  # fmt: skip
FILTERS = [
    (route, name)
    for route in LISTS
    for name in sorted(route.view.cls.query_names() - {"cursor", "page_size", "ordering"})
]


@pytest.fixture
def furnished(shop: Shop, other_shop: Shop) -> None:
    """Records of every kind in both shops, and what a night has summed up."""
    for one in (shop, other_shop):
        furnish(one)
        sums_only(one, DAY_ZERO)


def path_of(route: Route, shop: str) -> str:
    return reverse(route.name, kwargs={"shop": shop})


def rows(client: Client, path: str) -> list[dict[str, Any]]:
    response = client.get(path)
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()["results"]
    return found


def foreign_value(name: str) -> list[str]:
    """Values of a filter that fit the other shop's rows."""
    if name in ("id", "order_id", "product_id"):
        return ["birch-0"]
    if name.startswith("is_") or name == "on_shelf":
        return ["true", "false"]
    if name.endswith(("_from", "_before", "date_to")):
        return ["2000-01-01", "2100-01-01"]
    return []


def test_the_walk_finds_the_lists() -> None:
    names = {route.name for route in LISTS}
    assert {"api:orders", "api:reviews", "api:aftersales", "api:scores"} <= names


@pytest.mark.usefixtures("furnished")
@pytest.mark.parametrize("route", [r for r in LISTS if r.name not in PARTIAL], ids=str)
def test_a_list_shows_the_own_shop_and_no_other(
    program: Program, alice: User, route: Route
) -> None:
    found = rows(program(alice), path_of(route, "plum"))
    assert len(found) == 3
    assert "birch" not in str(found)


@pytest.mark.usefixtures("furnished")
@pytest.mark.parametrize(("route", "name"), FILTERS, ids=lambda value: str(value))
def test_no_filter_reaches_another_shop(
    program: Program, alice: User, route: Route, name: str
) -> None:
    client = program(alice)
    for value in foreign_value(name) or ["birch"]:
        response = client.get(path_of(route, "plum"), {name: value})
        assert response.status_code in (200, 400)
        assert "birch" not in str(response.json().get("results", ""))


@pytest.mark.usefixtures("furnished")
@pytest.mark.parametrize("route", LISTS, ids=str)
def test_a_foreign_list_does_not_exist(program: Program, alice: User, route: Route) -> None:
    assert program(alice).get(path_of(route, "birch")).status_code == 404


@pytest.mark.usefixtures("furnished")
@pytest.mark.parametrize("route", [r for r in LISTS if Role.OPS in r.policy.roles], ids=str)
def test_ops_and_admins_see_it_too(program: Program, bob: User, dora: User, route: Route) -> None:
    path = path_of(route, "plum")
    assert rows(program(bob), path) == rows(program(dora), path)


def test_lists_of_a_shop_stand_behind_its_door() -> None:
    for route in LISTS:
        policy = policy_of(resolve(path_of(route, "plum")).func)
        assert policy is not None
        assert policy.audience is Audience.SHOP


def test_an_order_carries_its_lines_and_money_in_fen(
    program: Program, alice: User, shop: Shop
) -> None:
    make_order(shop, external_id="o1", order_paid=12_850, freight=None)
    for number in (2, 1):
        OrderLine.objects.create(
            shop=shop, order_ref="o1", line_no=number, as_of=START, line_paid=100 * number
        )
    (order,) = rows(program(alice), "/api/v1/shops/plum/orders/")
    assert order["order_paid_fen"] == 12_850
    assert order["freight_fen"] is None
    assert [line["line_paid_fen"] for line in order["lines"]] == [100, 200]


def test_times_carry_the_offset_of_shanghai(program: Program, alice: User, shop: Shop) -> None:
    make_order(shop)
    (order,) = rows(program(alice), "/api/v1/shops/plum/orders/")
    assert order["placed_at"] == "2024-03-01T10:00:00+08:00"


def test_who_bought_is_nowhere(program: Program, alice: User, shop: Shop) -> None:
    make_order(shop, buyer_ref="1:" + "ab" * 16)
    text = program(alice).get("/api/v1/shops/plum/orders/").text
    assert "buyer" not in text
    assert "abab" not in text


def test_lines_of_a_page_cost_one_query(
    program: Program, alice: User, shop: Shop, django_assert_max_num_queries: Any
) -> None:
    furnish(shop, count=20)
    client = program(alice)
    client.get("/api/v1/me/")
    with django_assert_max_num_queries(4):
        assert len(rows(client, "/api/v1/shops/plum/orders/")) == 20


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("placed_from=2024-03-01T12:00:00%2B08:00", 3),
        ("placed_from=2024-03-01T12:00:00Z", 0),
        ("placed_before=2024-03-01T12:00:00%2B08:00", 2),
        ("placed_from=2024-03-01", 5),
        ("placed_from=2024-03-02", 0),
        ("placed_from=0001-01-01T00:00:00%2B14:00", 5),
        ("placed_before=9999-12-31T23:59:59-12:00", 5),
        ("is_signed=true", 2),
        ("is_signed=false", 3),
        ("trade_mode=domestic", 5),
        ("trade_mode=bonded", 0),
        ("id=o3", 1),
    ],
)
def test_orders_can_be_narrowed(
    program: Program, alice: User, shop: Shop, query: str, found: int
) -> None:
    for number in range(5):
        hour = START + timedelta(hours=number)
        make_order(
            shop, external_id=f"o{number}", placed_at=hour, signed_at=hour if number < 2 else None
        )
    assert len(rows(program(alice), f"/api/v1/shops/plum/orders/?{query}")) == found


@pytest.mark.parametrize("value", ["yes", "1", "True", "ture"])
def test_a_flag_is_true_or_false_and_nothing_else(
    program: Program, alice: User, value: str
) -> None:
    response = program(alice).get(f"/api/v1/shops/plum/orders/?is_signed={value}")
    assert response.status_code == 400


def test_an_import_tells_its_counts_and_problems(program: Program, alice: User, shop: Shop) -> None:
    furnish(shop, count=1)
    client = program(alice)
    (row,) = rows(client, "/api/v1/shops/plum/imports/")
    assert (row["rows"], row["new"], row["rejected"]) == (3, 2, 1)
    detail = client.get(f"/api/v1/shops/plum/imports/{row['id']}/").json()
    (problem,) = detail["problems"]
    assert (problem["line"], problem["column"], problem["severity"]) == (2, "rating", "error")
    assert problem["reason"]


def test_the_import_of_another_shop_does_not_exist(
    program: Program, alice: User, other_shop: Shop
) -> None:
    furnish(other_shop, count=1)
    batch = ImportBatch.objects.get()
    for key in ("plum", "birch"):
        path = f"/api/v1/shops/{key}/imports/{batch.pk}/"
        assert program(alice).get(path).status_code == 404


def test_a_key_no_database_could_hold_is_404(program: Program, alice: User) -> None:
    for key in ("9" * 30, "9" * 5000):
        assert program(alice).get(f"/api/v1/shops/plum/imports/{key}/").status_code == 404
    assert not Order.objects.exists()
