"""Programs of admins keep accounts and invitation codes; secrets are told once."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from stores.models import ApiToken, AuditEntry, InvitationCode, KeptAnswer, Shop, User
from tests.api.conftest import Program

pytestmark = pytest.mark.django_db

PEOPLE, CODES = "/api/v1/people/", "/api/v1/invitations/"


def post(client: Client, address: str, key: str = "k", **said: Any) -> HttpResponse:
    headers = {"Idempotency-Key": key}
    return client.post(address, said, content_type="application/json", headers=headers)


def test_a_first_password_is_told_once_and_kept_nowhere(program: Program, dora: User) -> None:
    client = program(dora)
    made = post(client, PEOPLE, username="erin").json()
    assert Client().login(username="erin", password=made["first_password"])
    again = post(client, PEOPLE, username="erin")
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.json() == made | {"first_password": None}
    assert made["first_password"] not in KeptAnswer.objects.get().body
    taken = post(client, PEOPLE, "other", username="erin")
    assert taken.status_code == 409
    assert taken.json()["detail"]


def test_accounts_are_listed_with_their_shops(
    program: Program, alice: User, dora: User, shop: Shop
) -> None:
    (row,) = program(dora).get(f"{PEOPLE}?username=alice").json()["results"]
    assert (row["is_admin"], row["is_active"]) == (False, True)
    assert row["shops"] == [{"shop": "plum", "role": "owner"}]


def test_rights_change_with_a_reason_and_never_ones_own(
    program: Program, alice: User, dora: User
) -> None:
    client, right = program(dora), f"{PEOPLE}{alice.pk}/right/"
    program(alice)
    assert post(client, right, "a", move="close", reason="").status_code == 400
    closed = post(client, right, "b", move="close", reason="离职").json()
    assert (closed["username"], closed["is_active"]) == ("alice", False)
    assert not ApiToken.objects.filter(user=alice, revoked_at=None).exists()
    assert AuditEntry.objects.get(action="user.close").reason == "离职"
    own = post(client, f"{PEOPLE}{dora.pk}/right/", "c", move="revoke", reason="累了")
    assert own.status_code == 409
    assert post(client, f"{PEOPLE}4711/right/", "d", move="close", reason="?").status_code == 404


def test_a_code_is_made_once_and_listed(program: Program, dora: User) -> None:
    client = program(dora)
    said = {"uses": 3, "valid_until": "2199-12-31", "note": "春季招商"}
    made, again = post(client, CODES, **said), post(client, CODES, **said)
    assert made.json() == again.json()
    assert InvitationCode.objects.get().code == made.json()["code"]
    (row,) = client.get(CODES).json()["results"]
    assert (row["uses_left"], row["note"], row["created_by"]) == (3, "春季招商", "dora")
    over = post(client, CODES, "x", uses=1, valid_until="2020-01-01")
    assert over.json()["errors"][0]["name"] == "valid_until"


@pytest.mark.parametrize("address", [PEOPLE, CODES, "/api/v1/penalty-views/"])
def test_for_everybody_but_admins_none_of_it_exists(
    program: Program, alice: User, bob: User, address: str
) -> None:
    for user in (alice, bob):
        assert program(user).get(address).status_code == 404
        assert post(program(user), address).status_code == 404


@pytest.mark.usefixtures("second_factor_asked")
def test_an_admin_half_way_through_sign_in_changes_nothing(alice: User, dora: User) -> None:
    browser = Client()
    browser.force_login(dora)
    right = f"{PEOPLE}{alice.pk}/right/"
    assert post(browser, right, move="close", reason="x").status_code == 403
    assert User.objects.get(pk=alice.pk).is_active


def test_an_admin_keeps_views_of_the_penalty_log(program: Program, dora: User) -> None:
    client, views = program(dora), "/api/v1/penalty-views/"
    kept = post(client, views, name="上周严重", query="kind=severe").json()
    assert client.get(views).json()["results"] == [kept]
    assert client.delete(f"{views}{kept['id']}/").status_code == 204
    assert client.delete(f"{views}{kept['id']}/").status_code == 404
