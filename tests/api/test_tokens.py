"""A token lets a program in as its person: until it expires, is revoked, or the person goes."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from stores.models import ApiToken, AuditEntry, Shop, User
from stores.services.tokens import MOST_TOKENS, token_create, token_revoke
from tests.api.conftest import Program
from tests.conftest import SignedIn

ME = "/api/v1/me/"


def asking_with(secret: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {secret}"})


def test_a_token_acts_as_its_person(program: Program, alice: User, shop: Shop) -> None:
    answer = program(alice).get(ME).json()
    assert answer["username"] == "alice"
    assert answer["shops"] == [{"id": "plum", "name": shop.name, "role": "owner"}]


def test_a_person_is_told_whether_they_are_an_admin(
    program: Program, alice: User, dora: User
) -> None:
    answers = [program(user).get(ME).json()["is_admin"] for user in (alice, dora)]
    assert answers == [False, True]


def test_the_secret_is_nowhere_in_the_database(alice: User) -> None:
    token, secret = token_create(user=alice, name="till", days=30)
    token.refresh_from_db()
    assert secret.startswith(token.prefix)
    assert len(token.prefix) < len(secret) / 3
    assert secret not in {str(value) for value in vars(token).values()}
    assert secret not in str(AuditEntry.objects.values_list())


def test_making_and_ending_a_token_leaves_audit_rows(alice: User) -> None:
    token, _secret = token_create(user=alice, name="till", days=30)
    token_revoke(actor=alice, token=token)
    rows = AuditEntry.objects.filter(object_type="token", object_id=str(token.pk))
    assert [(row.action, row.actor) for row in rows.order_by("pk")] == [
        ("token.create", "alice"),
        ("token.revoke", "alice"),
    ]


def test_ending_a_token_twice_is_one_audit_row(alice: User) -> None:
    token, _secret = token_create(user=alice, name="till", days=30)
    token_revoke(actor=alice, token=token)
    token_revoke(actor=alice, token=token)
    assert AuditEntry.objects.filter(action="token.revoke").count() == 1


def test_a_revoked_token_is_refused_at_the_next_request(alice: User) -> None:
    token, secret = token_create(user=alice, name="till", days=30)
    assert asking_with(secret).get(ME).status_code == 200
    token_revoke(actor=alice, token=token)
    refusal = asking_with(secret).get(ME)
    assert refusal.status_code == 401
    assert "invalid_token" in refusal["WWW-Authenticate"]


def test_an_expired_token_is_refused(alice: User) -> None:
    token, secret = token_create(user=alice, name="till", days=1)
    ApiToken.objects.filter(pk=token.pk).update(expires_at=timezone.now())
    assert asking_with(secret).get(ME).status_code == 401


def test_the_token_of_a_deactivated_person_is_refused(program: Program, alice: User) -> None:
    client = program(alice)
    alice.is_active = False
    alice.save()
    assert client.get(ME).status_code == 401


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer sgt_wrong", "Basic YWxpY2U6eA==", "x", "Bearer é"]
)
@pytest.mark.parametrize("path", [ME, "/api/v1/shops/plum/", "/api/v1/nothing/", "/api/"])
def test_a_wrong_token_meets_the_same_401_everywhere(shop: Shop, header: str, path: str) -> None:
    refusal = Client(headers={"Authorization": header}).get(path)
    assert refusal.status_code == 401
    assert refusal.json()["status"] == 401


def test_a_wrong_token_does_not_fall_back_to_the_session(signed_in: SignedIn, alice: User) -> None:
    client = signed_in(alice)
    assert client.get(ME).status_code == 200
    assert client.get(ME, headers={"Authorization": "Bearer sgt_wrong"}).status_code == 401


def test_a_token_opens_no_page(program: Program, alice: User) -> None:
    assert program(alice).get("/s/plum/score/").status_code == 302


def test_a_token_that_only_reads_writes_nothing(program: Program, alice: User) -> None:
    client = program(alice, can_write=False)
    refusal = client.patch(
        "/api/v1/me/preferences/", {"theme": "dark"}, content_type="application/json"
    )
    assert refusal.status_code == 403
    assert client.get("/api/v1/me/preferences/").json()["theme"] == "system"


def test_the_use_of_a_token_is_noted_at_most_once_a_minute(alice: User) -> None:
    token, secret = token_create(user=alice, name="till", days=30)
    asking_with(secret).get(ME)
    token.refresh_from_db()
    first = token.last_used_at
    assert first is not None
    asking_with(secret).get(ME)
    token.refresh_from_db()
    assert token.last_used_at == first
    ApiToken.objects.filter(pk=token.pk).update(last_used_at=first - timedelta(minutes=2))
    asking_with(secret).get(ME)
    token.refresh_from_db()
    assert token.last_used_at is not None
    assert token.last_used_at >= first


@pytest.mark.parametrize(
    ("name", "days"), [("", 30), ("   ", 30), ("till", 0), ("till", -1), ("till", 367)]
)
def test_a_token_needs_a_name_and_a_lifetime(alice: User, name: str, days: int) -> None:
    with pytest.raises(ValidationError):
        token_create(user=alice, name=name, days=days)


def test_a_person_has_at_most_twenty_tokens(alice: User) -> None:
    tokens = [token_create(user=alice, name="till", days=30)[0] for _ in range(MOST_TOKENS)]
    with pytest.raises(ValidationError, match="20"):
        token_create(user=alice, name="one more", days=30)
    token_revoke(actor=alice, token=tokens[0])
    token_create(user=alice, name="one more", days=30)


def test_the_list_of_tokens_shows_no_secret(program: Program, alice: User, bob: User) -> None:
    token_create(user=bob, name="of Bob", days=30)
    (row,) = program(alice).get("/api/v1/me/tokens/").json()["results"]
    assert row["name"] == "till"
    assert set(row) == {
        "id", "name", "prefix", "can_write", "created_at", "expires_at", "last_used_at",
    }  # fmt: skip


def test_a_program_can_end_its_own_token(program: Program, alice: User) -> None:
    client = program(alice)
    (row,) = client.get("/api/v1/me/tokens/").json()["results"]
    assert client.delete(f"/api/v1/me/tokens/{row['id']}/").status_code == 204
    assert client.get(ME).status_code == 401


def test_the_token_of_somebody_else_does_not_exist(
    program: Program, alice: User, bob: User
) -> None:
    foreign, secret = token_create(user=bob, name="of Bob", days=30)
    assert program(alice).delete(f"/api/v1/me/tokens/{foreign.pk}/").status_code == 404
    assert asking_with(secret).get(ME).status_code == 200
