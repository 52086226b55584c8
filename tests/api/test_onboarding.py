"""Programs of applicants go the way to the open shop, and programs of admins decide on it."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from stores.models import Application, ApplicationPaper, Shop, User
from tests.api.conftest import Program
from tests.factories import make_user
from tests.lib.papers import pdf, png

ALL = "/api/v1/onboarding/"
QUEUE = "/api/v1/applications/"
SAID = {
    "company_name": "溪口食品有限公司", "company_type": "limited",
    "licence_no": "91330100MA2C00000X", "brand_name": "溪口", "brand_intro": "山货",
    "shop_name": "溪口山货", "shop_type": "enterprise", "industry": "food",
    "shop_address": "溪口镇 2 号", "contact_phone": "0571-8801", "service_mode": "own",
    "agrees": True,
}  # fmt: skip
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


@pytest.fixture
def erin(db: None) -> User:
    """Applies."""
    return make_user("erin")


def post(client: Client, address: str, body: Any = None, key: str = "") -> HttpResponse:
    headers = {"Idempotency-Key": key or address}
    return client.post(address, body or {}, content_type="application/json", headers=headers)


def send(client: Client, address: str, kind: str, data: bytes) -> HttpResponse:
    said = {"kind": kind, "file": SimpleUploadedFile("../x.png", data)}
    return client.post(f"{address}papers/", said, headers={"Idempotency-Key": kind})


def filled(client: Client) -> str:
    """The address of an application in which nothing is missing."""
    address = str(post(client, ALL)["Location"])
    client.patch(address, SAID | {"version": 0}, content_type="application/json")
    for kind, data in (("licence", pdf()), ("logo", png(8, 8))):
        assert send(client, address, kind, data).status_code == 201
    return address


def key_of(address: str) -> str:
    return address.rstrip("/").rpartition("/")[2]


def test_from_the_first_word_to_the_open_shop(program: Program, erin: User, dora: User) -> None:
    applicant, admin = program(erin), program(dora)
    address = filled(applicant)
    decide = f"{QUEUE}{key_of(address)}/"
    assert post(applicant, f"{address}submit/").json()["state"] == "submitted"
    (waiting,) = admin.get(f"{QUEUE}?state=submitted").json()["results"]
    assert (waiting["id"], waiting["applicant"]) == (key_of(address), "erin")
    told = post(admin, f"{decide}decision/", {"move": "approve"}).json()
    assert (told["state"], told["deposit_due_fen"]) == ("approved", 1_000_000)
    first = {"title": "笋干", "price_fen": 3990}
    assert "保证金" in post(applicant, f"{address}open/", first).json()["detail"]
    post(admin, f"{decide}deposit/", {"amount_fen": 1_000_000})
    opened = post(applicant, f"{address}open/", first, "later").json()
    assert opened["shop"] == Shop.objects.get().external_id
    missing = [step["name"] for step in opened["steps"] if not step["is_done"]]
    assert missing == ["base_settings", "orders"]


def test_an_application_begun_twice_under_one_key_is_one(program: Program, erin: User) -> None:
    client = program(erin)
    first, again = post(client, ALL, key="k"), post(client, ALL, key="k")
    assert first.json() == again.json()
    assert again["Idempotency-Replayed"] == "true"
    assert Application.objects.count() == 1


def test_what_the_state_does_not_allow_is_409_and_says_why(program: Program, erin: User) -> None:
    client = program(erin)
    address = str(post(client, ALL)["Location"])
    assert "还有没填的" in post(client, f"{address}submit/").json()["detail"]
    old = client.patch(address, {"version": 7}, content_type="application/json")
    assert old.status_code == 409
    post(client, f"{address}withdraw/")
    assert send(client, address, "other", pdf()).status_code == 409
    assert client.get(address).json()["moves"] == []


def test_a_hostile_paper_is_refused_and_a_good_one_comes_back_as_an_attachment(
    program: Program, erin: User
) -> None:
    client = program(erin)
    address = str(post(client, ALL)["Location"])
    refused = send(client, address, "licence", SVG)
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["name"] == "file"
    assert send(client, address, "logo", pdf()).status_code == 400
    (paper,) = send(client, address, "other", png(4, 4)).json()["papers"]
    back = client.get(f"{address}papers/{paper['id']}/")
    assert back["Content-Disposition"].startswith("attachment")
    assert back["Content-Type"] == "image/png"
    gone = client.delete(f"{address}papers/{paper['id']}/")
    assert (gone.status_code, ApplicationPaper.objects.count()) == (204, 0)


def test_others_see_and_do_nothing(program: Program, erin: User, alice: User, dora: User) -> None:
    address = filled(program(erin))
    paper = ApplicationPaper.objects.latest("pk")
    stranger, admin = program(alice), program(dora)
    assert stranger.get(ALL).json()["results"] == []
    for path in (address, f"{address}papers/{paper.pk}/"):
        assert stranger.get(path).status_code == 404
        assert admin.get(path).status_code == 200
    assert stranger.get(QUEUE).status_code == 404
    for client in (stranger, admin):
        assert post(client, f"{address}submit/").status_code == 404
        assert client.delete(f"{address}papers/{paper.pk}/").status_code == 404
    assert post(stranger, f"{QUEUE}{key_of(address)}/decision/").status_code == 404
