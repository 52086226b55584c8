"""Programs of owners add, read and take away the pictures of a shop."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from stores.models import AuditEntry, Shop, ShopImage, User
from tests.api.conftest import Program
from tests.lib.papers import pdf, png

pytestmark = pytest.mark.django_db

HERE = "/api/v1/shops/plum/images/"


def send(client: Client, content: bytes, key: str = "k", **fields: str) -> HttpResponse:
    file = SimpleUploadedFile("shop.png", content, "image/png")
    return client.post(HERE, {"file": file, **fields}, headers={"Idempotency-Key": key})  # type: ignore[return-value]


def test_a_picture_is_kept_listed_read_and_taken_away(
    program: Program, alice: User, shop: Shop
) -> None:
    client = program(alice)
    sent = send(client, png(40, 30))
    assert sent.status_code == 201, sent.content
    (row,) = client.get(HERE).json()["results"]
    assert row == sent.json()
    assert (row["media_type"], row["width"], row["height"]) == ("image/png", 40, 30)
    file = client.get(f"{HERE}{row['id']}/")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert file.content == bytes(ShopImage.objects.get().content)  # type: ignore[attr-defined]
    assert client.delete(f"{HERE}{row['id']}/").status_code == 204
    assert client.delete(f"{HERE}{row['id']}/").status_code == 404


def test_what_is_no_picture_is_refused_by_what_is_in_it(
    program: Program, alice: User, shop: Shop
) -> None:
    client = program(alice)
    for number, content in enumerate((pdf(), b"<svg/>", png(40, 30)[:60], b"\x89PNG")):
        answer = send(client, content, f"k{number}")
        assert (answer.status_code, answer.json()["errors"][0]["name"]) == (400, "file")
    assert not ShopImage.objects.exists()


def test_an_admin_says_why(program: Program, dora: User, shop: Shop) -> None:
    client = program(dora)
    assert send(client, png(4, 3)).status_code == 400
    row = send(client, png(4, 3), reason="店主来电").json()
    assert client.delete(f"{HERE}{row['id']}/").status_code == 400
    assert client.delete(f"{HERE}{row['id']}/?reason=重复").status_code == 204
    assert AuditEntry.objects.get(action="settings.image_drop").reason == "重复"


def test_only_owners_and_admins_may(program: Program, bob: User, charlie: User, shop: Shop) -> None:
    for user, status in ((bob, 403), (charlie, 404)):
        client = program(user)
        assert client.get(HERE).status_code == status
        assert send(client, png(4, 3)).status_code == status
