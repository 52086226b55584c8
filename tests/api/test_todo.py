"""The to-do list over the API: the lines of the overview, for those who may see them."""

from datetime import timedelta

import pytest
import time_machine

from stores.models import Shop, User
from tests.api.conftest import Program
from tests.conftest import NOON_ZERO
from tests.factories import make_order

TODO_PATH = "/api/v1/shops/plum/todo/"
HOUR = timedelta(hours=1)

pytestmark = pytest.mark.django_db


def test_lines_come_in_the_order_to_do_them(program: Program, bob: User, shop: Shop) -> None:
    make_order(shop, ship_by=NOON_ZERO + HOUR)
    make_order(shop, ship_by=NOON_ZERO - HOUR)
    with time_machine.travel(NOON_ZERO, tick=False):
        answer = program(bob).get(TODO_PATH).json()
    assert answer["shop"] == "plum"
    assert [line["id"] for line in answer["lines"]] == ["shipments_overdue", "shipments_due"]
    due = answer["lines"][1]
    assert due["count"] == 1
    assert due["due_at"] == "2024-03-01T13:00:00+08:00"
    assert due["is_urgent"] is True
    assert due["effect"] is None


def test_an_empty_list_is_a_list(program: Program, alice: User) -> None:
    assert program(alice).get(TODO_PATH).json()["lines"] == []


def test_the_words_follow_the_language(program: Program, alice: User, shop: Shop) -> None:
    make_order(shop, ship_by=NOON_ZERO + HOUR)
    alice.language = "en"
    alice.save()
    with time_machine.travel(NOON_ZERO, tick=False):
        answer = program(alice).get(TODO_PATH).json()
    assert answer["lines"][0]["title"] == "Ship 1 order about to be late"


def test_another_shop_does_not_exist(program: Program, charlie: User, shop: Shop) -> None:
    assert program(charlie).get(TODO_PATH).status_code == 404
