"""The list of shops: a person's own, with newest score, and how it can be narrowed."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from stores.models import Role, Shop, User
from tests.api.conftest import Program
from tests.api.records import score
from tests.conftest import NOON_ZERO
from tests.factories import make_member, make_shop

SHOPS = "/api/v1/shops/"
BEFORE_NOON = NOON_ZERO - timedelta(minutes=1)


@pytest.fixture
def quince(alice: User) -> Shop:
    """A second shop of Alice, of another industry and platform, where she is ops."""
    shop = make_shop("quince", name="木瓜厨房", industry="home", platform="taobao")
    make_member(alice, shop, Role.OPS)
    return shop


def ids(client: Client, query: str = "") -> list[str]:
    response = client.get(SHOPS + query)
    assert response.status_code == 200, response.text
    return [row["id"] for row in response.json()["results"]]


@pytest.mark.usefixtures("quince")
def test_people_see_their_own_shops_and_admins_all(
    program: Program, alice: User, bob: User, charlie: User, dora: User
) -> None:
    assert sorted(ids(program(alice))) == ["plum", "quince"]
    assert ids(program(bob)) == ["plum"]
    assert ids(program(charlie)) == ["birch"]
    assert sorted(ids(program(dora))) == ["birch", "plum", "quince"]


@pytest.mark.usefixtures("quince")
def test_each_shop_says_what_the_person_is_in_it(program: Program, alice: User, dora: User) -> None:
    rows = program(alice).get(SHOPS).json()["results"]
    assert {row["id"]: row["role"] for row in rows} == {"plum": "owner", "quince": "ops"}
    assert {row["role"] for row in program(dora).get(SHOPS).json()["results"]} == {"admin"}


@pytest.mark.usefixtures("quince", "other_shop")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?industry=home", ["quince"]),
        ("?platform=taobao", ["quince"]),
        ("?search=梅子", ["plum"]),
        ("?search=QUIN", ["quince"]),
        ("?search=birch", []),
        ("?search=%25", []),
        ("?state=scored", ["plum"]),
        ("?state=too_few_orders", []),
        ("?industry=home&platform=xiaohongshu", []),
        ("?ordering=external_id", ["plum", "quince"]),
        ("?ordering=-external_id", ["quince", "plum"]),
    ],
)
def test_the_list_can_be_narrowed_and_ordered(
    program: Program, alice: User, shop: Shop, query: str, found: list[str]
) -> None:
    score(shop)
    assert ids(program(alice), query) == found


def test_the_newest_score_stands_beside_the_shop(program: Program, alice: User, shop: Shop) -> None:
    client = program(alice)
    (before,) = client.get(SHOPS).json()["results"]
    assert before["score"] is None
    score(shop)
    (after,) = client.get(SHOPS).json()["results"]
    assert after["score"]["date"] == "2024-03-01"
    assert after["score"]["state"] == "scored"
    assert after == client.get(SHOPS + "plum/").json()


@time_machine.travel(BEFORE_NOON, tick=False)
def test_a_shop_is_found_by_the_score_its_reader_may_see(
    program: Program, alice: User, bob: User, dora: User, shop: Shop
) -> None:
    score(shop)
    found = [ids(program(user), "?state=scored") for user in (alice, bob, dora)]
    assert found == [[], ["plum"], ["plum"]]


def test_a_page_of_shops_costs_as_many_queries_as_one_shop(
    program: Program, dora: User, django_assert_max_num_queries: Any
) -> None:
    shops = [make_shop(f"s{number}") for number in range(20)]
    score(*shops)
    client = program(dora)
    client.get(SHOPS)
    with django_assert_max_num_queries(5):
        assert len(ids(client)) == 20
