"""Files that were cut, mangled or made to hurt: every record is accounted for."""

import time

import pytest
from pytest_django import Settings

from stores.models import Order, Review
from tests.imports.files import ORDER, REVIEW, Desk, counts, csv_text, reasons

WHOLE = csv_text(
    REVIEW | {"review_id": f"r{n}", "text": f'第"{n}"行，\n有换行'} for n in range(10)
).encode()


@pytest.mark.parametrize("part", range(1, 20))
def test_a_file_cut_off_anywhere_is_read_or_refused(desk: Desk, part: int) -> None:
    """The whole rows land, the last one is rejected or refused with the encoding."""
    data = WHOLE[: len(WHOLE) * part // 20]
    report = desk.data("reviews", data)
    assert report["rows"] == sum(counts(report))
    assert report["status"] in ("applied", "refused")
    assert Review.objects.count() == report["new"]
    if report["status"] == "refused":
        assert report["reason"]


def test_an_open_quote_says_where_it_was_opened(desk: Desk) -> None:
    """And the rows before it land."""
    text = csv_text([REVIEW]) + 'plum,r2,o1,5,"never closed\nplum,r3,o1,5,x\n'
    report = desk.text("reviews", text)
    assert counts(report) == (1, 0, 0, 1)
    assert report["problems"][0]["line"] == 3
    assert "引号" in reasons(report)[0]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("plum,r2,o1,5", "4 格"),
        ("plum,r2,o1,5,a,2024-03-05 12:00:00,more", "7 格"),
        ("plum,r2,o1,5,a\x00,2024-03-05 12:00:00", "NUL"),
        ("plum,r2,o1,5,a\ufffd,2024-03-05 12:00:00", "无法识别的字符"),
        (f"plum,r2,o1,5,{'长' * 30_000},2024-03-05 12:00:00", "20000 个字符"),
        (f"plum,r2,o1,5,{'x' * (5 << 20)},2024-03-05 12:00:00", "20000 个字符"),
    ],
    ids=["short", "long", "nul", "replacement", "long cell", "five MiB"],
)
def test_a_mangled_row_spoils_only_itself(desk: Desk, row: str, reason: str) -> None:
    """The one before and the one after land."""
    head, first = csv_text([REVIEW]).splitlines()
    last = first.replace("r1", "r3")
    report = desk.text("reviews", "\n".join([head, first, row, last]) + "\n")
    assert counts(report) == (2, 0, 0, 1)
    assert report["problems"][0]["line"] == 3
    assert reason in reasons(report)[0]


def test_too_many_bytes_are_refused_before_they_are_read(desk: Desk, settings: Settings) -> None:
    """With what is allowed."""
    settings.IMPORT_MAX_BYTES = 100
    report = desk.rows("orders", ORDER)
    assert report["status"] == "refused"
    assert "100" in report["reason"]


def test_too_many_rows_are_refused(desk: Desk, settings: Settings) -> None:
    """Before the first is stored."""
    settings.IMPORT_MAX_ROWS, settings.IMPORT_CHUNK_ROWS = 10, 3
    report = desk.rows("orders", *(ORDER | {"order_id": f"o{n}"} for n in range(20)))
    assert report["status"] == "refused"
    assert "10" in report["reason"]
    assert not Order.objects.exists()


def test_a_row_repeated_endlessly_does_not_fill_memory(desk: Desk) -> None:
    """Beyond ten thousand rows of one record the rest is rejected."""
    report = desk.text("orders", csv_text([ORDER] * 10_050))
    assert report["new"] == 1
    assert report["rejected"] == 50
    assert report["rows"] == sum(counts(report)) == 10_050


def test_a_hostile_quote_does_not_take_for_ever(desk: Desk) -> None:
    """A quote before fifty thousand lines is given up within the cell limit."""
    text = csv_text([REVIEW]) + 'plum,r2,o1,5,"' + "x,y,z\n" * 50_000
    begun = time.monotonic()
    report = desk.text("reviews", text)
    assert report["new"] == 1
    assert report["rows"] == sum(counts(report))
    assert time.monotonic() - begun < 20


def test_a_file_that_is_not_there_is_refused(desk: Desk) -> None:
    """With the system's reason."""
    report = desk.file("orders", desk.folder / "nowhere.csv")
    assert report["status"] == "refused"
    assert "No such file" in report["reason"]
