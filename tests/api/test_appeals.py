"""Programs of owners read where the shop stands, appeal, and send papers, all of it once."""

from collections.abc import Iterator

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from stores.models import Appeal, AppealPaper, Shop, User, Violation
from tests.api.conftest import Program
from tests.conduct.violations import violation
from tests.imports.files import shanghai
from tests.lib.papers import png

SCRIPT = b"<script>alert(1)</script>"
APPEALS = "/api/v1/shops/plum/appeals/"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """It is ten o'clock on 5 March 2024 in Shanghai."""
    with time_machine.travel(shanghai("2024-03-05 10:00"), tick=False) as traveller:
        yield traveller


@pytest.fixture
def case(shop: Shop) -> Violation:
    """A general case of 25 points that was told today."""
    return violation(shop, id="v1", state="pending", notified="2024-03-05 09:00")


def appeal(client: Client, violation_id: str = "v1", key: str = "k1") -> HttpResponse:
    body = {"violation_id": violation_id, "statement": "对话是另一家店的"}
    headers = {"Idempotency-Key": key}
    return client.post(APPEALS, body, content_type="application/json", headers=headers)


def send(client: Client, address: str, content: bytes, key: str = "p1") -> HttpResponse:
    file = SimpleUploadedFile("chat.png", content)
    return client.post(address, {"file": file}, headers={"Idempotency-Key": key})


def test_an_appeal_sent_twice_is_filed_once(program: Program, alice: User, case: Violation) -> None:
    client = program(alice)
    first, again = appeal(client), appeal(client)
    assert first.status_code == again.status_code == 201
    assert again["Idempotency-Replayed"] == "true"
    assert first.json()["state"] == "open"
    assert Appeal.objects.count() == 1
    assert client.get(first["Location"]).json() == first.json()
    assert client.get(APPEALS + "?violation_id=v1").json()["results"] == [first.json()]
    assert client.get(APPEALS + "?state=upheld").json()["results"] == []


def test_what_is_not_there_is_404_and_what_cannot_be_is_409(
    program: Program, alice: User, case: Violation, clock: time_machine.Traveller
) -> None:
    client = program(alice)
    assert appeal(client, "nowhere").status_code == 404
    clock.move_to(shanghai("2024-03-13 00:00"))
    late = appeal(client)
    assert late.status_code == 409
    assert "期限已过" in late.json()["detail"]
    clock.move_to(shanghai("2024-03-12 23:59"))
    assert appeal(client).status_code == 201
    assert appeal(client, key="k2").status_code == 409


def test_a_paper_is_taken_by_its_content(program: Program, alice: User, case: Violation) -> None:
    client = program(alice)
    address = appeal(client)["Location"] + "papers/"
    refusal = send(client, address, SCRIPT)
    assert refusal.status_code == 400
    assert refusal.json()["errors"][0]["name"] == "file"
    taken = send(client, address, png(1, 1))
    assert taken.status_code == 201
    (paper,) = taken.json()["papers"]
    assert (paper["media_type"], paper["size"]) == ("image/png", len(png(1, 1)))
    back = client.get(f"/api/v1/shops/plum/appeal-papers/{paper['id']}/")
    assert back.content == png(1, 1)
    assert back["Content-Disposition"].startswith("attachment")
    Appeal.objects.update(state="refused")
    assert send(client, address, png(2, 1), "p2").status_code == 409
    assert AppealPaper.objects.count() == 1


def test_where_the_shop_stands(program: Program, alice: User, shop: Shop) -> None:
    violation(shop, id="v2", clause="6", executed="2024-03-04 10:00")
    told = program(alice).get("/api/v1/shops/plum/standing/").json()
    assert (told["severe_points"], told["next_severe_node"]) == (25, 50)
    assert [penalty["node"] for penalty in told["penalties"]] == ["severe_25"]
    assert told["penalties"][0]["violation_id"] == "v2"


def test_only_owners_and_admins_may_ask(
    program: Program, bob: User, charlie: User, dora: User, case: Violation
) -> None:
    answers = [program(user).get(APPEALS).status_code for user in (bob, charlie, dora)]
    assert answers == [403, 404, 200]
    assert appeal(program(bob)).status_code == 403
