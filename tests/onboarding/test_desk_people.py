"""Accounts and shops at the desk: every change with a reason, nobody changes their own rights."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from stores.models import AuditEntry, Shop, User

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]
PAGE = "/admin-desk/people/"


def test_an_account_is_made_with_a_password_shown_once(signed_in: SignedIn, dora: User) -> None:
    client = signed_in(dora)
    html = client.post(PAGE, {"username": "erin", "email": ""}).text
    found = re.search(r"<code>([\w-]{16})</code>", html)
    assert found
    assert Client().login(username="erin", password=found[1])
    assert found[1] not in client.get(PAGE).text


def test_a_taken_name_is_told(signed_in: SignedIn, dora: User, alice: User) -> None:
    assert "field-error" in signed_in(dora).post(PAGE, {"username": "alice"}).text


@pytest.mark.parametrize(("move", "flag"), [("grant", "is_staff"), ("close", "is_active")])
def test_rights_change_with_a_reason(
    signed_in: SignedIn, dora: User, alice: User, move: str, flag: str
) -> None:
    before = getattr(alice, flag)
    client = signed_in(dora)
    client.post(f"{PAGE}right/", {"user": alice.pk, "move": move, "reason": ""})
    alice.refresh_from_db()
    assert getattr(alice, flag) == before
    client.post(f"{PAGE}right/", {"user": alice.pk, "move": move, "reason": "值班"})
    alice.refresh_from_db()
    assert getattr(alice, flag) != before
    assert AuditEntry.objects.filter(object_id=str(alice.pk), reason="值班").exists()


def test_nobody_changes_their_own(signed_in: SignedIn, dora: User) -> None:
    signed_in(dora).post(f"{PAGE}right/", {"user": dora.pk, "move": "revoke", "reason": "x"})
    dora.refresh_from_db()
    assert dora.is_staff


def test_shops_are_found_by_name_and_number(
    signed_in: SignedIn, dora: User, shop: Shop, other_shop: Shop
) -> None:
    html = signed_in(dora).get("/admin-desk/shops/?q=plum").text
    table = html.partition('<tbody class="data-rows">')[2]
    assert shop.name in table
    assert other_shop.name not in table
