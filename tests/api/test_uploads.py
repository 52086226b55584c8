"""Programs send files: checked, imported, followed and refused as on the page."""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings
from python_calamine import CalamineWorkbook

from stores.models import ImportBatch, ImportUpload, Order, Role, Shop, User
from tests.api.conftest import Program
from tests.factories import make_member, make_user
from tests.imports_web.conftest import MORNING, orders_csv, work

pytestmark = pytest.mark.django_db

SEND = "/api/v1/imports/"
OF_PLUM = "/api/v1/shops/plum/uploads/"


@pytest.fixture(autouse=True)
def _morning(settings: Settings, tmp_path: Path) -> Iterator[None]:
    """A clock that stands after every time in the files, and buyer keys of this test's own."""
    settings.BUYER_KEYS_FILE = tmp_path / "buyers.json"
    with time_machine.travel(MORNING, tick=True):
        yield


def send(client: Client, text: str, key: str = "k1", **fields: str) -> HttpResponse:
    file = SimpleUploadedFile("orders.csv", text.encode(), "text/csv")
    body = {"shop": "plum", "file": file, **fields}
    return client.post(SEND, body, headers={"Idempotency-Key": key})  # type: ignore[return-value]


def change(client: Client, address: str, state: str) -> HttpResponse:
    json = "application/json"
    return client.patch(address, {"state": state}, content_type=json)  # type: ignore[return-value]


def test_a_file_is_imported_and_can_be_followed(program: Program, alice: User, shop: Shop) -> None:
    client = program(alice)
    sent = send(client, orders_csv(good=3, bad=1))
    assert sent.status_code == 201, sent.content
    assert sent.json()["state"] == "importing"
    assert Order.objects.count() == 0
    work()
    found = client.get(sent["Location"]).json()
    assert (found["state"], found["done"], found["total"]) == ("done", 4, 4)
    assert found["counts"] == {
        "rows": 4, "new": 3, "changed": 0, "unchanged": 0, "rejected": 1, "warnings": 0,
    }  # fmt: skip
    assert found["problems"][0]["column"] == "line_paid"
    batch = client.get(f"/api/v1/shops/plum/imports/{found['batch']}/").json()
    assert (batch["new"], batch["rejected"], batch["by"]) == (3, 1, "alice")


@pytest.mark.parametrize("person", ["alice", "bob"])
def test_rows_that_were_turned_away_are_downloaded_mended_and_sent_again(
    program: Program, shop: Shop, request: pytest.FixtureRequest, person: str
) -> None:
    client = program(request.getfixturevalue(person))
    sent = send(client, orders_csv(good=1, bad=2))
    work()
    address = sent["Location"] + "rejected/csv/"
    answer = client.get(address, headers={"Accept": "text/csv"})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    text = answer.getvalue().decode("utf-8-sig")
    assert text.splitlines()[0].endswith(",order_paid,error")
    assert [row.split(",")[0] for row in text.splitlines()[1:]] == ["b0", "b1"]
    again = send(client, text.replace(",'-5,", ",5,"), key="k2")
    work()
    counts = client.get(again["Location"]).json()["counts"]
    assert (counts["new"], counts["rejected"]) == (2, 0)
    batch = client.get(sent["Location"]).json()["batch"]
    assert client.get(f"/api/v1/shops/plum/imports/{batch}/").json()["upload"] == sent.json()["id"]


def test_rows_that_were_turned_away_come_as_a_workbook_too(
    program: Program, alice: User, shop: Shop
) -> None:
    client = program(alice)
    sent = send(client, orders_csv(good=1, bad=1))
    work()
    content = client.get(sent["Location"] + "rejected/xlsx/").getvalue()
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows] == ["order_id", "b0"]


def test_a_download_is_what_its_address_says_or_nothing(
    program: Program, alice: User, charlie: User, shop: Shop
) -> None:
    client = program(alice)
    address = send(client, orders_csv(), dry_run="true")["Location"]
    nothing = client.get(address + "rejected/csv/").getvalue().decode("utf-8-sig")
    assert nothing.splitlines()[1:] == []
    assert client.get(address + "rejected/pdf/").status_code == 404
    other = client.get(address + "rejected/csv/", headers={"Accept": "application/json"})
    assert other.status_code == 406
    assert program(charlie).get(address + "rejected/csv/").status_code == 404


def test_a_dry_run_writes_nothing_until_it_is_confirmed(
    program: Program, alice: User, shop: Shop
) -> None:
    client = program(alice)
    sent = send(client, orders_csv(good=2, bad=1), dry_run="true")
    assert sent.json()["state"] == "checked"
    assert sent.json()["counts"]["new"] == 2
    assert sent.json()["batch"] is None
    assert not ImportBatch.objects.exists()
    assert change(client, sent["Location"], "importing").json()["state"] == "importing"
    work()
    assert Order.objects.count() == 2


def test_what_a_file_cannot_do_any_more_is_refused(
    program: Program, alice: User, shop: Shop
) -> None:
    client = program(alice)
    address = send(client, orders_csv(), dry_run="true")["Location"]
    assert change(client, address, "dropped").json()["state"] == "dropped"
    for state in ("importing", "stopped", "dropped"):
        refused = change(client, address, state)
        assert refused.status_code == 409
        assert "dropped" in refused.json()["detail"]


def test_a_file_sent_twice_under_its_key_is_taken_once(
    program: Program, alice: User, shop: Shop
) -> None:
    client = program(alice)
    first, again = (send(client, orders_csv()) for _ in range(2))
    assert again.json()["id"] == first.json()["id"]
    assert again["Idempotency-Replayed"] == "true"
    assert send(client, orders_csv(good=1)).status_code == 422
    assert ImportUpload.objects.count() == 1


def test_an_older_file_says_so(program: Program, alice: User, shop: Shop) -> None:
    send(program(alice), orders_csv(), as_of="2024-03-05 08:00:00")
    assert ImportUpload.objects.get().as_of == datetime(2024, 3, 5, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "fields", "name", "says"),
    [
        ("", {}, "file", "空"),
        ("%PDF-1.7", {}, "file", ""),
        ("谁,什么\n1,2\n", {}, "file", "表头"),
        ("谁,什么\n1,2\n", {"kind": "orders"}, "file", "order_id"),
        ("order_id\no1\n", {"kind": "orders", "preset": "xhs-api-aftersales"}, "preset", "格式"),
        ("order_id\no1\n", {"kind": "nothing"}, "kind", "nothing"),
        ("order_id\no1\n", {"colour": "red"}, "colour", "没有这个字段"),
    ],
)
def test_what_cannot_be_read_is_refused_and_says_why(
    program: Program, alice: User, shop: Shop, text: str, fields: dict[str, str], name: str,
    says: str,
) -> None:  # fmt: skip
    refused = send(program(alice), text, **fields)
    assert refused.status_code == 400
    (error,) = refused.json()["errors"]
    assert error["name"] == name
    assert says in error["detail"]
    assert not ImportUpload.objects.exists()


def test_a_refused_file_stands_in_the_history_and_its_key_is_free(
    program: Program, alice: User, shop: Shop
) -> None:
    client = program(alice)
    assert send(client, "%PDF-1.7").status_code == 400
    assert ImportBatch.objects.get().status == ImportBatch.Status.REFUSED
    assert send(client, orders_csv()).status_code == 201


def test_a_file_beyond_the_limit_is_413(
    program: Program, alice: User, shop: Shop, settings: Settings
) -> None:
    settings.IMPORT_UPLOAD_MAX_BYTES = 100
    assert send(program(alice), orders_csv()).status_code == 413


def test_only_admins_send_what_is_for_admins(
    program: Program, alice: User, dora: User, shop: Shop
) -> None:
    violations = "violation_id,clause,occurred_at\nv1,A1,2024-03-01 10:00:00\n"
    assert send(program(alice), violations, kind="violations").status_code == 400
    assert send(program(dora), violations, kind="violations").status_code == 201


def test_files_for_other_shops_find_no_shop(
    program: Program, charlie: User, alice: User, shop: Shop
) -> None:
    stranger = program(charlie)
    foreign = send(stranger, orders_csv())
    unknown = send(stranger, orders_csv(), key="k2", shop="none")
    assert (foreign.status_code, unknown.status_code) == (404, 404)
    assert not ImportUpload.objects.exists()
    address = send(program(alice), orders_csv(), dry_run="true")["Location"]
    assert stranger.get(address).status_code == 404
    assert change(stranger, address, "importing").status_code == 404


def test_ops_send_files_and_readers_do_not(program: Program, shop: Shop) -> None:
    ops = make_member(make_user("ops"), shop, Role.OPS)
    assert send(program(ops, can_write=False), orders_csv()).status_code == 403
    assert send(program(ops), orders_csv()).status_code == 201
    (row,) = program(ops).get(OF_PLUM + "?state=importing").json()["results"]
    assert row["kind"] == "orders"


def test_without_a_key_nothing_is_taken(program: Program, alice: User, shop: Shop) -> None:
    file = SimpleUploadedFile("orders.csv", orders_csv().encode())
    answer = program(alice).post(SEND, {"shop": "plum", "file": file})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["name"] == "Idempotency-Key"
