"""A table goes out as CSV and XLSX; no cell of it is a formula, and numbers stay numbers."""

import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
from django.http import Http404
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from shopguard.lib.exports import UNSEEN, Column, neutralised, table_response

COLUMNS = [Column("名称", lambda row: row[0]), Column("数", lambda row: row[1])]
AT = datetime(2024, 3, 1, 4, 30, tzinfo=UTC)

RISKY = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", '"=1', "\ufeff=1", "＝1+1", "\x00=1",
    "'=1", "\u200b@x", "\u3000-2",
]  # fmt: skip
HARMLESS = ["", "梅子", "1-2", "a=b", "12,486", "—", "2024-03-01", "a@b"]


def csv_rows(rows: list[tuple[object, object]]) -> list[list[str]]:
    text = table_response("csv", "x", COLUMNS, rows).getvalue().decode("utf-8-sig")
    return list(csv.reader(StringIO(text)))


def xlsx_rows(rows: list[tuple[object, object]]) -> list[list[object]]:
    content = b"".join(table_response("xlsx", "x", COLUMNS, rows))
    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize("text", RISKY)
def test_what_a_spreadsheet_would_calculate_is_text(text: str) -> None:
    assert neutralised(text) == f"'{text}"


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_harmless_stays(text: str) -> None:
    assert neutralised(text) == text


@given(st.text())
def test_no_text_begins_like_a_formula(text: str) -> None:
    safe = neutralised(text)
    assert safe.endswith(text)
    assert safe.startswith("'") or not safe.lstrip(UNSEEN).startswith(("=", "+", "-", "@"))


def test_csv_carries_the_mark_excel_needs_and_both_ends_of_a_list() -> None:
    body = table_response("csv", "x", COLUMNS, [("梅子", 1)]).getvalue()
    assert body.startswith("\ufeff".encode())
    assert csv_rows([("梅子", 1), ("=1+1", -2)]) == [["名称", "数"], ["梅子", "1"], ["'=1+1", "-2"]]


def test_csv_is_streamed_row_by_row() -> None:
    asked = []

    def rows() -> Iterator[tuple[str, int]]:
        for number in range(3):
            asked.append(number)
            yield ("x", number)

    stream = iter(table_response("csv", "x", COLUMNS, rows()))
    next(stream)
    next(stream)
    assert asked == [0]


def test_xlsx_holds_text_as_text_and_numbers_as_numbers() -> None:
    rows = xlsx_rows([("=1+1", -2), ("http://a.b/", Decimal("1.5")), ("007", True)])
    assert rows[1:] == [["'=1+1", -2.0], ["http://a.b/", 1.5], ["007", True]]


def test_instants_are_shanghai_time_in_both() -> None:
    assert csv_rows([(AT, date(2024, 3, 1))])[1] == ["2024-03-01 12:30:00", "2024-03-01"]
    assert xlsx_rows([(AT, date(2024, 3, 1))])[1] == [
        datetime(2024, 3, 1, 12, 30), date(2024, 3, 1)
    ]  # fmt: skip


def test_nothing_is_an_empty_cell() -> None:
    assert csv_rows([(None, None)])[1] == ["", ""]


def test_a_download_names_itself_in_chinese_too() -> None:
    response = table_response("csv", "审计", COLUMNS, [])
    assert response["Content-Disposition"] == (
        "attachment; filename=\"export.csv\"; filename*=UTF-8''%E5%AE%A1%E8%AE%A1.csv"
    )


@pytest.mark.parametrize("kind", ["pdf", "", "CSV", "../csv"])
def test_other_kinds_of_files_do_not_exist(kind: str) -> None:
    with pytest.raises(Http404):
        table_response(kind, "x", COLUMNS, [])
