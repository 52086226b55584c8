"""A write under an idempotency key happens once, however often and from where it is sent."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from stores.api.base import ApiView
from stores.models import Category, KeptAnswer, User
from stores.services.once import answer_recall
from tests.api.conftest import Program
from tests.factories import make_user

WISHES = "/api/wishes/"


@pytest.fixture(autouse=True)
def a_resource_to_write(settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.api.sample_urls"


def wish(client: Client, key: str, body: dict[str, object] | None = None) -> HttpResponse:
    headers = {"Idempotency-Key": key}
    return client.post(WISHES, body or {}, content_type="application/json", headers=headers)


def wishes() -> int:
    return Category.objects.count()


def test_the_same_request_again_gets_the_same_answer(program: Program, alice: User) -> None:
    client = program(alice)
    first, again = wish(client, "k1", {"a": 1}), wish(client, "k1", {"a": 1})
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json() == {"number": 1}
    assert first["Location"] == again["Location"]
    assert "Idempotency-Replayed" not in first
    assert again["Idempotency-Replayed"] == "true"
    assert wishes() == 1


def test_another_key_is_another_request(program: Program, alice: User) -> None:
    client = program(alice)
    assert [wish(client, key).json()["number"] for key in ("k1", "k2")] == [1, 2]


def test_the_key_with_another_body_is_422(program: Program, alice: User) -> None:
    client = program(alice)
    wish(client, "k1", {"a": 1})
    refusal = wish(client, "k1", {"a": 2})
    assert refusal.status_code == 422
    assert refusal.json()["type"].endswith("#problem-key-reused")
    assert wishes() == 1


def test_the_order_of_fields_does_not_make_another_body(program: Program, alice: User) -> None:
    client = program(alice)
    wish(client, "k1", {"a": 1, "b": 2})
    assert wish(client, "k1", {"b": 2, "a": 1}).status_code == 201


def test_the_key_with_another_method_is_422(program: Program, alice: User) -> None:
    client = program(alice)
    wish(client, "k1")
    headers = {"Idempotency-Key": "k1"}
    refusal = client.put(WISHES, {}, content_type="application/json", headers=headers)
    assert refusal.status_code == 422


def test_the_keys_of_two_people_have_nothing_to_do_with_each_other(
    program: Program, alice: User, bob: User
) -> None:
    assert wish(program(alice), "k1", {"a": 1}).status_code == 201
    assert wish(program(bob), "k1", {"b": 1}).json() == {"number": 2}


def test_two_tokens_of_a_person_share_their_keys(program: Program, alice: User) -> None:
    wish(program(alice), "k1")
    assert wish(program(alice), "k1")["Idempotency-Replayed"] == "true"


def test_a_post_without_a_key_is_refused(program: Program, alice: User) -> None:
    refusal = program(alice).post(WISHES, {}, content_type="application/json")
    assert refusal.status_code == 400
    assert refusal.json()["errors"][0]["name"] == "Idempotency-Key"
    assert wishes() == 0


@pytest.mark.parametrize("key", ["", " ", "a b", "é", "x" * 129])
def test_a_key_nobody_could_store_is_refused(program: Program, alice: User, key: str) -> None:
    assert wish(program(alice), key).status_code == 400
    assert wishes() == 0


def test_a_put_may_come_without_a_key(program: Program, alice: User) -> None:
    answer = program(alice).put(WISHES, {}, content_type="application/json")
    assert answer.status_code == 200
    assert not KeptAnswer.objects.exists()


def test_a_refused_request_can_be_mended_under_its_key(program: Program, alice: User) -> None:
    client = program(alice)
    assert wish(client, "k1", {"bad": True}).status_code == 400
    assert wish(client, "k1", {"bad": False}).status_code == 201
    assert wishes() == 1


def test_a_key_is_forgotten_after_a_day(program: Program, alice: User, settings: Settings) -> None:
    client = program(alice)
    wish(client, "k1")
    yesterday = timezone.now() - timedelta(hours=settings.IDEMPOTENCY_HOURS)
    KeptAnswer.objects.update(created_at=yesterday)
    assert wish(client, "k1", {"new": True}).json() == {"number": 2}
    assert KeptAnswer.objects.count() == 1


def upload(client: Client, content: bytes) -> HttpResponse:
    file = SimpleUploadedFile("reviews.csv", content, "text/csv")
    return client.post(WISHES, {"file": file}, headers={"Idempotency-Key": "k1"})


def test_an_upload_is_the_same_when_its_content_is(program: Program, alice: User) -> None:
    client = program(alice)
    assert upload(client, b"a,b").status_code == 201
    assert upload(client, b"a,b")["Idempotency-Replayed"] == "true"
    assert upload(client, b"a,c").status_code == 422
    assert wishes() == 1


def test_a_post_that_could_happen_twice_cannot_be_declared() -> None:
    class Careless(ApiView):
        def post(self) -> None:
            """Not decorated."""

    with pytest.raises(TypeError, match="@once"):
        Careless.as_view()


@pytest.mark.django_db(transaction=True)
def test_while_a_request_runs_the_same_one_is_409(program: Program) -> None:
    user = make_user("alice")
    client = program(user)
    started, asked = Barrier(2), Barrier(2)

    def hold() -> None:
        try:
            with transaction.atomic():
                answer_recall(user=user, key="k1", fingerprint="")
                started.wait(10)
                asked.wait(10)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        held = pool.submit(hold)
        started.wait(10)
        refusal = wish(client, "k1")
        asked.wait(10)
        held.result()
    assert refusal.status_code == 409
    assert int(refusal["Retry-After"]) >= 1
    assert wish(client, "k1").status_code == 201


@pytest.mark.django_db(transaction=True)
def test_ten_at_once_make_one(program: Program) -> None:
    user = make_user("alice")
    clients = [program(user) for _ in range(10)]
    start = Barrier(len(clients))

    def send(client: Client) -> int:
        try:
            start.wait(10)
            status = 409
            while status == 409:
                status = wish(client, "k1").status_code
            return status
        finally:
            connection.close()

    with ThreadPoolExecutor(len(clients)) as pool:
        assert set(pool.map(send, clients)) == {201}
    assert wishes() == 1
    assert KeptAnswer.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_answer_is_looked_up_in_the_transaction_of_its_change() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        answer_recall(user=make_user("alice"), key="k1", fingerprint="")
