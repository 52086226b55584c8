"""Programs of owners read and change what a shop says about itself, and who works in it."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from stores.models import AuditEntry, Membership, Shop, User
from tests.api.conftest import Program

HERE = "/api/v1/shops/plum/settings/"
WEEK = [{"opens": 9, "closes": 21}] * 6 + [None]


def change(client: Client, **said: Any) -> HttpResponse:
    return client.patch(HERE, {"version": 0} | said, content_type="application/json")


def member(client: Client, key: str, **said: Any) -> HttpResponse:
    headers = {"Idempotency-Key": key}
    return client.post(f"{HERE}members/", said, content_type="application/json", headers=headers)


def test_only_what_is_given_changes(program: Program, alice: User, shop: Shop) -> None:
    client, before = program(alice), shop.name
    told = change(client, introduction="山货", hours=WEEK).json()
    assert (told["name"], told["introduction"], told["version"]) == (before, "山货", 1)
    assert told["hours"] == WEEK
    assert client.get(HERE).json() == told
    assert [entry["name"] for entry in told["base_settings"] if entry["is_done"]] == [
        "name", "introduction",
    ]  # fmt: skip


def test_what_somebody_saved_meanwhile_is_not_overwritten(
    program: Program, alice: User, shop: Shop
) -> None:
    client = program(alice)
    change(client, introduction="一")
    assert change(client, introduction="二").status_code == 409
    assert Shop.objects.get(pk=shop.pk).introduction == "一"


@pytest.mark.parametrize(
    "said",
    [
        {"hours": [{"opens": 9, "closes": 9}, *WEEK[1:]]},
        {"hours": WEEK[:6]},
        {"score_rules": "nothing-2030"},
        {"main_category": "elsewhere"},
        {"name": ""},
        {"service_mode": "platform"},
    ],
)
def test_what_cannot_be_is_refused_by_name(
    program: Program, alice: User, shop: Shop, said: dict[str, Any]
) -> None:
    answer = change(program(alice), **said)
    assert answer.status_code == 400
    (name,) = said
    assert answer.json()["errors"][0]["name"].startswith(name)


def test_an_admin_says_why(program: Program, dora: User, shop: Shop) -> None:
    client = program(dora)
    assert change(client, introduction="改").status_code == 400
    assert change(client, introduction="改", reason="店主来电").status_code == 200
    assert AuditEntry.objects.get(action="settings.change").reason == "店主来电"


def test_people_are_let_in_changed_and_let_out(
    program: Program, alice: User, charlie: User, shop: Shop
) -> None:
    client = program(alice)
    for number, role in enumerate(("ops", "owner")):
        told = member(client, f"m{number}", username="charlie", role=role).json()
        assert {"username": "charlie", "role": role} in told["members"]
    member(client, "out", username="charlie", role=None)
    assert not Membership.objects.filter(shop=shop, user=charlie).exists()
    assert member(client, "last", username="alice", role=None).status_code == 409
    assert member(client, "who", username="nobody", role="ops").status_code == 400


def test_only_owners_and_admins_may_ask(
    program: Program, bob: User, charlie: User, dora: User
) -> None:
    answers = [program(user).get(HERE).status_code for user in (bob, charlie, dora)]
    assert answers == [403, 404, 200]
