"""A header in any order; one that cannot be understood refuses the file whole."""

import pytest

from stores.models import ImportBatch, Order
from tests.imports.files import ORDER, REVIEW, SHOP, Desk, counts, csv_text


def test_columns_come_in_any_order(desk: Desk) -> None:
    """Names are looked up, capitals and blanks do not matter, extra columns are named."""
    row = {" Order_ID ": "o1", "note": "x", "收件人": "王芳", "PLACED_AT": "2024-03-01 10:00:00"}
    report = desk.rows("orders", row | {"shop_id": "plum", "line_no": 1})
    assert counts(report) == (1, 0, 0, 0)
    assert report["ignored_columns"] == ["note", "收件人"]


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_another_delimiter_is_recognised(desk: Desk, delimiter: str) -> None:
    """Semicolons and tabs, with commas inside the texts."""
    text = csv_text([REVIEW | {"text": "好,很好"}], delimiter)
    assert counts(desk.text("reviews", text)) == (1, 0, 0, 0)


def test_missing_identity_columns_refuse_the_file(desk: Desk) -> None:
    """The sentence names them, and the ledger remembers the refusal."""
    report = desk.text("orders", "order_no,placed_at,shop_id\no1,2024-03-01 10:00:00,plum\n")
    assert report["status"] == "refused"
    assert "order_id" in report["reason"]
    assert "canonical" in report["reason"]
    assert counts(report) == (0, 0, 0, 0)
    assert ImportBatch.objects.get().status == ImportBatch.Status.REFUSED


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "文件是空的"),
        ("\n\n  \n", "文件是空的"),
        ("foo,bar\n1,2\n", "没有相近的预设"),
        ("shop_id,order_id,line_no,order_id\n", "重复的列：order_id"),
        ("shop_id,order_id,line_no" + ",x" * 10_000 + "\n", "上限为 1000 列"),
        ("合计,,\nshop_id,order_id,line_no\nplum,o1,1\n", "shop_id"),
    ],
)
def test_a_header_that_cannot_be_used_refuses_the_file(desk: Desk, text: str, reason: str) -> None:
    """Nothing is guessed."""
    report = desk.text("orders", text)
    assert report["status"] == "refused"
    assert reason in report["reason"]
    assert not Order.objects.exists()


def test_a_header_alone_is_a_file_without_rows(desk: Desk) -> None:
    """It was read, and there was nothing in it."""
    report = desk.text("orders", "shop_id,order_id,line_no\n")
    assert (report["status"], report["rows"]) == ("applied", 0)


def test_blank_lines_are_not_rows(desk: Desk) -> None:
    """Before the header, between rows and at the end; lines are still counted."""
    header, row = csv_text([ORDER]).splitlines()
    bad = row.replace("domestic", "nowhere").replace("o1", "o2")
    report = desk.text("orders", f"\n{header}\n\n{row}\n\n\n{bad}\n\n")
    assert counts(report) == (1, 0, 0, 1)
    assert report["problems"][0]["line"] == 7


def test_a_total_row_is_rejected(desk: Desk) -> None:
    """A row with another number of cells is no row of the table."""
    report = desk.text("orders", csv_text([ORDER]) + "合计,1\n")
    assert counts(report) == (1, 0, 0, 1)
    assert "2 格" in report["problems"][0]["reason"]


def test_the_shop_may_be_given_from_outside(desk: Desk) -> None:
    """For files that carry none; rows of another shop are then rejected."""
    rows = [{name: value for name, value in ORDER.items() if name != "shop_id"}]
    assert desk.rows("orders", *rows)["status"] == "refused"
    assert counts(desk.rows("orders", *rows, shop="plum")) == (1, 0, 0, 0)
    mixed = [ORDER | {"order_id": "o2"}, ORDER | {"shop_id": "birch"}]
    assert counts(desk.rows("orders", *mixed, shop="plum")) == (1, 0, 0, 1)


def test_a_shop_nobody_knows_refuses_the_file(desk: Desk) -> None:
    """Before anything is read."""
    report = desk.rows("orders", ORDER, shop="nowhere")
    assert report["status"] == "refused"
    assert "nowhere" in report["reason"]


def test_a_known_shop_keeps_its_platform(desk: Desk) -> None:
    """The platform is an attribute that cannot change."""
    report = desk.rows("shops", SHOP | {"platform": "tmall"})
    assert counts(report) == (0, 0, 0, 1)
    assert report["problems"][0]["column"] == "platform"
