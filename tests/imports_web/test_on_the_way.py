"""A file that is stopped, dropped, refused or mended on its way."""

import csv
from io import StringIO

import pytest
from pytest_django import Settings
from python_calamine import CalamineWorkbook

from stores.models import ImportBatch, ImportPiece, ImportUpload, Order
from stores.services.import_jobs import upload_work, uploads_to_ring
from tests.imports_web.conftest import Sender, orders_csv, the_upload, work

pytestmark = pytest.mark.django_db

State = ImportUpload.State


def test_a_stopped_import_goes_on_and_ends_as_if_once(sender: Sender) -> None:
    sender.send(orders_csv(good=3, bad=1))
    sender.press("begin", the_upload())
    page = sender.press("stop", the_upload())
    assert "已停止" in page.text
    work()
    assert Order.objects.count() == 0
    sender.press("begin", the_upload())
    work()
    batch = ImportBatch.objects.get()
    assert (batch.new, batch.rejected) == (3, 1)
    assert the_upload().state == State.DONE


def test_a_dropped_file_leaves_nothing(sender: Sender) -> None:
    sender.send(orders_csv(bad=1))
    page = sender.press("drop", the_upload())
    assert "没有导入" in page.text
    assert not ImportPiece.objects.exists()
    assert not the_upload().rejects.exists()
    assert not ImportBatch.objects.exists()


def test_what_was_decided_meanwhile_is_said_instead_of_done_twice(sender: Sender) -> None:
    sender.send(orders_csv())
    sender.press("drop", the_upload())
    page = sender.press("begin", the_upload())
    assert "刚刚变了" in page.text
    work()
    assert Order.objects.count() == 0


def test_a_large_file_is_checked_by_a_worker(sender: Sender, settings: Settings) -> None:
    settings.IMPORT_INLINE_ROWS = 2
    page = sender.send(orders_csv(good=3))
    assert the_upload().state == State.CHECKING
    assert "检查中" in page.text
    (waiting,) = uploads_to_ring()
    upload_work(upload_id=waiting)
    assert the_upload().state == State.CHECKED


def test_a_file_confirmed_later_waits_for_the_earlier_one_whoever_rings_first(
    sender: Sender,
) -> None:
    sender.send(orders_csv(good=2), name="first.csv")
    first = the_upload()
    sender.send(orders_csv(good=3), name="second.csv")
    second = ImportUpload.objects.latest("pk")
    for upload in (first, second):
        sender.press("begin", upload)
    assert not upload_work(upload_id=second.pk)
    assert upload_work(upload_id=first.pk)
    assert upload_work(upload_id=second.pk)
    batches = ImportBatch.objects.order_by("pk").values_list("new", "unchanged")
    assert list(batches) == [(2, 0), (1, 2)]


def test_rejected_rows_are_mended_and_sent_again(sender: Sender) -> None:
    sender.send(orders_csv(good=1, bad=2))
    sender.press("begin", the_upload())
    work()
    text = sender.rejected(the_upload()).decode("utf-8-sig")
    rows = list(csv.DictReader(StringIO(text)))
    assert [row["order_id"] for row in rows] == ["b0", "b1"]
    assert all("金额不能为负" in row["error"] for row in rows)
    sender.send(text.replace("'-5", "5"), name="mended.csv")
    sender.press("begin", the_upload())
    work()
    assert Order.objects.count() == 3
    assert ImportBatch.objects.latest("pk").rejected == 0


def test_rejected_rows_come_as_a_workbook_too(sender: Sender, tmp_path) -> None:  # noqa: ANN001
    sender.send(orders_csv(bad=1))
    file = tmp_path / "bad.xlsx"
    file.write_bytes(sender.rejected(the_upload(), "xlsx"))
    head, row = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
    assert head[-1] == "error"
    assert row[0] == "b0"


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.7 no table", b"\xff\xfe\x00", b"PK\x03\x04 broken"],
    ids=["pdf", "half a code unit", "broken workbook"],
)
def test_a_file_that_is_none_is_refused_and_stands_in_the_history(
    sender: Sender, content: bytes
) -> None:
    page = sender.send(content, name="什么.csv")
    assert page.status_code == 422
    assert "整个文件没有收下" in page.text
    assert ImportBatch.objects.get().status == ImportBatch.Status.REFUSED
    assert "什么.csv" in sender.client.get(sender.home).text


def test_why_a_file_was_refused_is_said_in_the_language_of_the_reader(sender: Sender) -> None:
    sender.send(b"%PDF-1.7 no table")
    assert "这不是表格文件" in sender.client.get(sender.home).text
    sender.client.cookies["django_language"] = "en"
    assert "not a table" in sender.client.get(sender.home).text


def test_a_form_without_a_file_asks_for_one(sender: Sender) -> None:
    page = sender.client.post(sender.home, {})
    assert page.status_code == 422
    assert "请先选一个文件" in page.content.decode()


def test_a_file_beyond_the_limit_is_refused(sender: Sender, settings: Settings) -> None:
    settings.IMPORT_UPLOAD_MAX_BYTES = 50
    page = sender.send(orders_csv())
    assert page.status_code == 422
    assert not ImportUpload.objects.exists()
