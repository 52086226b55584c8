"""Pages of a list: every row once, in order, whatever comes and goes meanwhile."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from stores.models import Review, Shop, User
from tests.api.conftest import Program
from tests.factories import START, make_order

REVIEWS = "/api/v1/shops/plum/reviews/"
ORDERS = "/api/v1/shops/plum/orders/"


def review(shop: Shop, key: str, minutes: int, rating: int = 5) -> Review:
    return Review.objects.create(
        shop=shop,
        external_id=key,
        order_ref="o1",
        rating=rating,
        created_at=START + timedelta(minutes=minutes),
        as_of=START,
    )


def pages(client: Client, path: str) -> Iterator[list[dict[str, Any]]]:
    address: str | None = path
    while address:
        page = client.get(address).json()
        yield page["results"]
        address = page["next"]


def ids(client: Client, path: str) -> list[str]:
    return [row["id"] for page in pages(client, path) for row in page]


def test_every_row_is_shown_once_newest_first(program: Program, alice: User, shop: Shop) -> None:
    for number in range(7):
        review(shop, f"r{number}", number)
    assert ids(program(alice), REVIEWS + "?page_size=3") == [f"r{n}" for n in reversed(range(7))]


@pytest.mark.parametrize("ordering", ["rating", "-rating", "created_at", "-created_at"])
def test_equal_values_keep_an_order(
    program: Program, alice: User, shop: Shop, ordering: str
) -> None:
    for number in range(9):
        review(shop, f"r{number}", number // 4, rating=number % 2 + 1)
    found = ids(program(alice), f"{REVIEWS}?page_size=2&ordering={ordering}")
    assert sorted(found) == [f"r{n}" for n in range(9)]


@pytest.mark.parametrize("ordering", ["signed_at", "-signed_at"])
def test_unknown_values_come_last_and_once(
    program: Program, alice: User, shop: Shop, ordering: str
) -> None:
    for number in range(8):
        signed = START + timedelta(hours=number) if number % 2 else None
        make_order(shop, external_id=f"o{number}", signed_at=signed)
    found = ids(program(alice), f"{ORDERS}?page_size=3&ordering={ordering}")
    assert sorted(found) == [f"o{n}" for n in range(8)]
    assert set(found[4:]) == {"o0", "o2", "o4", "o6"}


def test_rows_that_come_meanwhile_neither_repeat_nor_hide_others(
    program: Program, alice: User, shop: Shop
) -> None:
    for number in range(6):
        review(shop, f"r{number}", number)
    seen = []
    for page in pages(program(alice), REVIEWS + "?page_size=2"):
        seen += [row["id"] for row in page]
        review(shop, f"new-{len(seen)}", 100 + len(seen))
        review(shop, f"same-{len(seen)}", 5)
    assert [key for key in seen if key.startswith("r")] == [f"r{n}" for n in reversed(range(6))]
    assert len(seen) == len(set(seen))


def test_rows_that_go_meanwhile_hide_no_others(program: Program, alice: User, shop: Shop) -> None:
    for number in range(6):
        review(shop, f"r{number}", number)
    client = program(alice)
    first = client.get(REVIEWS + "?page_size=2").json()
    Review.objects.filter(external_id__in=["r5", "r4"]).delete()
    assert [row["id"] for row in client.get(first["next"]).json()["results"]] == ["r3", "r2"]


def test_filters_and_size_go_along(program: Program, alice: User, shop: Shop) -> None:
    for number in range(6):
        review(shop, f"r{number}", number, rating=5 if number % 2 else 1)
    found = [len(page) for page in pages(program(alice), REVIEWS + "?page_size=2&rating=5")]
    assert found == [2, 1]


def test_an_empty_list_is_one_page(program: Program, alice: User) -> None:
    assert program(alice).get(REVIEWS).json() == {"results": [], "next": None}


def test_a_place_in_one_order_is_none_in_another(program: Program, alice: User, shop: Shop) -> None:
    for number in range(3):
        review(shop, f"r{number}", number)
    client = program(alice)
    other = client.get(REVIEWS + "?page_size=1").json()["next"]
    assert client.get(other + "&ordering=rating").status_code == 400


def test_a_place_in_one_list_is_none_in_another(program: Program, alice: User, shop: Shop) -> None:
    for number in range(3):
        review(shop, f"r{number}", number)
    client = program(alice)
    cursor = client.get(REVIEWS + "?page_size=1").json()["next"].partition("cursor=")[2]
    assert client.get(f"{ORDERS}?cursor={cursor.partition('&')[0]}").status_code == 400
