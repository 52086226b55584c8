"""Changing the own password."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from stores.models import AuditEntry, User
from tests.factories import PASSWORD

NEW = "peach-harbour-77"
SignedIn = Callable[[User], Client]


def change(client: Client, old: str = PASSWORD, new: str = NEW, again: str | None = None) -> int:
    return client.post(
        reverse("password_change"),
        {
            "old_password": old,
            "new_password": new,
            "new_password_again": new if again is None else again,
        },
    ).status_code


def is_signed_in(client: Client) -> bool:
    return bool(client.get(reverse("password_change")).status_code == 200)


def test_the_new_password_replaces_the_old_one(signed_in: SignedIn, alice: User) -> None:
    assert change(signed_in(alice)) == 302
    alice.refresh_from_db()
    assert alice.check_password(NEW)
    assert alice.password.startswith("argon2")


def test_the_change_is_written_down_by_the_person(signed_in: SignedIn, alice: User) -> None:
    change(signed_in(alice))
    row = AuditEntry.objects.get()
    assert (row.actor, row.action, row.before, row.after) == (
        "alice", "password.change", None, None,
    )  # fmt: skip


def test_other_sessions_end_and_this_one_goes_on_under_a_new_key(
    signed_in: SignedIn, alice: User
) -> None:
    here, elsewhere = signed_in(alice), signed_in(alice)
    key = here.session.session_key
    change(here)
    assert is_signed_in(here)
    assert here.session.session_key != key
    assert not is_signed_in(elsewhere)


@pytest.mark.parametrize(
    ("old", "new", "again"),
    [
        ("wrong", NEW, NEW),
        (PASSWORD, NEW, NEW + "x"),
        (PASSWORD, PASSWORD, PASSWORD),
        (PASSWORD, "short", "short"),
        (PASSWORD, "password123", "password123"),
        (PASSWORD, "alice@example.com", "alice@example.com"),
        ("", "", ""),
    ],
)
def test_a_change_that_is_not_right_changes_nothing(
    signed_in: SignedIn, alice: User, old: str, new: str, again: str
) -> None:
    assert change(signed_in(alice), old, new, again) == 200
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)
    assert not AuditEntry.objects.exists()


def test_the_old_password_cannot_be_guessed_here_either(signed_in: SignedIn, alice: User) -> None:
    client = signed_in(alice)
    for _ in range(5):
        change(client, old="wrong")
    response = client.post(
        reverse("password_change"),
        {"old_password": PASSWORD, "new_password": NEW, "new_password_again": NEW},
    )
    assert response.status_code == 200
    assert "尝试次数过多" in response.text


def test_a_passphrase_of_many_words_is_welcome(signed_in: SignedIn, alice: User) -> None:
    assert change(signed_in(alice), new="长长的口令 " * 12 + "and a few words more") == 302
