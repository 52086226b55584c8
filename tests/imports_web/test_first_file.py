"""A file goes all the way: sent, recognised, checked, confirmed, imported, told."""

import pytest

from stores.models import AuditEntry, ImportBatch, ImportPiece, ImportUpload, Order, Touch
from tests.imports_web.conftest import Sender, orders_csv, the_upload, work

pytestmark = pytest.mark.django_db

State = ImportUpload.State


def test_a_file_is_recognised_and_checked_without_writing(sender: Sender) -> None:
    page = sender.send(orders_csv(good=3, bad=1))
    assert page.status_code == 200
    upload = the_upload()
    assert (upload.kind, upload.preset, upload.encoding) == ("orders", "canonical", "UTF-8")
    assert upload.state == State.CHECKED
    assert "3 行订单可以导入，1 行会退回" in page.text.replace("\u00a0", " ")
    assert "金额不能为负" in page.text
    assert Order.objects.count() == 0
    assert ImportBatch.objects.count() == 0


def test_confirming_lands_the_good_rows_in_the_background(sender: Sender) -> None:
    sender.send(orders_csv(good=3, bad=1))
    page = sender.press("begin", the_upload())
    assert Order.objects.count() == 0
    assert "every 1s" in page.text
    work()
    upload = the_upload()
    assert upload.state == State.DONE
    assert Order.objects.count() == 3
    batch = ImportBatch.objects.get()
    assert (batch.new, batch.rejected, batch.user) == (3, 1, upload.user)
    assert Touch.objects.filter(shop=sender.shop).exists()
    assert AuditEntry.objects.filter(action="import.applied").count() == 1
    page = sender.page(upload)
    assert "3 行订单已收下，1 行退回" in page.text.replace("\u00a0", " ")


def test_what_was_kept_of_the_file_is_gone_once_it_is_imported(sender: Sender) -> None:
    sender.send(orders_csv())
    assert ImportPiece.objects.count() == 1
    sender.press("begin", the_upload())
    work()
    assert ImportPiece.objects.count() == 0


def test_the_history_names_the_file_its_counts_and_who_sent_it(sender: Sender) -> None:
    sender.send(orders_csv(good=2, bad=1), name="三月订单.csv")
    sender.press("begin", the_upload())
    work()
    text = sender.client.get(sender.home).text
    assert "三月订单.csv" in text
    assert "alice" in text
    assert "有行被拒" in text


def test_the_same_file_again_changes_nothing_and_says_so(sender: Sender) -> None:
    for _ in range(2):
        sender.send(orders_csv())
        page = sender.page(the_upload())
        sender.press("begin", the_upload())
        work()
    assert "导入过" in page.text
    assert Order.objects.count() == 3
    second = ImportBatch.objects.latest("pk")
    assert (second.new, second.changed, second.unchanged) == (0, 0, 3)
    assert not the_upload().is_score_wanted
