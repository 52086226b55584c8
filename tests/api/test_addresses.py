"""A program says where its person is told; an address is proved, a secret told once."""

import re
from typing import Any

import pytest
from django.core import mail
from django.http import HttpResponse
from django.test import Client

from stores.models import KeptAnswer, Notification, OutboxMessage, User, Webhook
from stores.services.channels import webhook_secret
from stores.services.notices import notices_deliver
from tests.api.conftest import Program

pytestmark = pytest.mark.django_db

ME = "/api/v1/me/"
HOOK = {"url": "https://example.com/hook"}


def post(client: Client, address: str, key: str = "k", **said: Any) -> HttpResponse:
    headers = {"Idempotency-Key": key}
    return client.post(address, said, content_type="application/json", headers=headers)


def put(client: Client, **said: Any) -> HttpResponse:
    headers = {"Idempotency-Key": "hook"}
    return client.put(f"{ME}webhook/", said, content_type="application/json", headers=headers)


def test_a_webhook_is_set_with_a_secret_told_once(program: Program, alice: User) -> None:
    client = program(alice)
    told = put(client, **HOOK).json()
    assert told == {
        "webhook_host": "example.com",
        "secret": webhook_secret(Webhook.objects.get()),
    }
    assert put(client, **HOOK).json() == told | {"secret": None}
    assert told["secret"] not in KeptAnswer.objects.get().body
    assert client.get(f"{ME}addresses/").json()["webhook_host"] == "example.com"
    assert client.delete(f"{ME}webhook/").status_code == 204
    assert not Webhook.objects.exists()


@pytest.mark.parametrize("url", ["http://example.com/", "hook", "https://", "ftp://example.com"])
def test_what_is_no_safe_address_is_refused(program: Program, alice: User, url: str) -> None:
    answer = put(program(alice), url=url)
    assert (answer.status_code, answer.json()["errors"][0]["name"]) == (400, "url")
    assert not Webhook.objects.exists()


def test_an_email_address_counts_once_it_is_proved(
    program: Program, alice: User, bob: User
) -> None:
    client = program(alice)
    assert post(client, f"{ME}email/", "a", email="nobody").status_code == 400
    asked = post(client, f"{ME}email/", "b", email="alice@example.com")
    assert (asked.status_code, asked.json()["email"]) == (202, alice.email)
    (letter,) = mail.outbox
    found = re.search(r"\?t=(\S+)", str(letter.body))
    assert found
    proof = {"token": found[1].replace("%3A", ":")}
    assert post(program(bob), f"{ME}email/proof/", **proof).status_code == 409
    assert post(client, f"{ME}email/proof/", "c", **proof).json()["email"] == "alice@example.com"
    assert client.delete(f"{ME}email/").status_code == 204
    assert User.objects.get(pk=alice.pk).email == ""


def test_every_way_is_tried_out(program: Program, alice: User) -> None:
    before = OutboxMessage.objects.count()
    assert post(program(alice), f"{ME}channels/trial/").status_code == 202
    assert OutboxMessage.objects.count() == before + 1


def test_notifications_are_read_one_by_one_or_all(program: Program, alice: User, bob: User) -> None:
    for key, user in (("1", alice), ("2", alice), ("3", bob)):
        notices_deliver(kind="channel_trial", key=key, payload={"user": user.pk})
    mine = Notification.objects.filter(user=alice).order_by("pk")
    client, read = program(alice), f"{ME}notifications/read/"
    assert post(client, read, "a", notification=str(mine[0].pk)).json() == {"read": 1}
    foreign = Notification.objects.get(user=bob)
    assert post(client, read, "b", notification=str(foreign.pk)).json() == {"read": 0}
    assert post(client, read, "c").json() == {"read": 1}
    foreign.refresh_from_db()
    assert foreign.read_at is None
