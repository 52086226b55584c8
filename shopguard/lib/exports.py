"""Tables as CSV and XLSX downloads whose cells no spreadsheet takes for a formula.

A table is a list of :class:`Column` and an iterable of rows. CSV is streamed line by line and never
held as a whole; XLSX is a zip, so it is written to a temporary file, row by row, and streamed from
there. Text goes out as text, numbers as numbers, instants by the clocks of Shanghai.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from tempfile import NamedTemporaryFile
from typing import Any, Generic, TypeVar
from urllib.parse import quote

from django.http import FileResponse, Http404, StreamingHttpResponse
from django.http.response import HttpResponseBase
from xlsxwriter import Workbook

from shopguard.lib.days import SHANGHAI

Row = TypeVar("Row")
Cell = str | int | float | Decimal | bool | date | datetime | None

FORMULA_STARTS = ("=", "+", "-", "@")
# Stands before a formula without keeping a spreadsheet from seeing it.
UNSEEN = " \t\r\n\x00\ufeff\u200b\u00a0\u3000'\""
FULL_WIDTH = str.maketrans("＝＋－＠", "=+-@")
SHEET_ROWS = 1_048_575  # of 1,048,576 one is the head
CELL_CHARS = 32_767
BOM = "\ufeff"  # without it Excel reads Chinese as something else
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = ("csv", "xlsx")


@dataclass(frozen=True)
class Column(Generic[Row]):
    """A column: its heading as it is shown, and what a row holds there."""

    title: str
    value: Callable[[Row], Cell]


def neutralised(text: str) -> str:
    """``text`` with an apostrophe in front where a spreadsheet would calculate it.

    Only the first visible sign counts, whatever blanks, quotes or byte order marks precede it.
    """
    seen = text.lstrip(UNSEEN).translate(FULL_WIDTH)
    risky = seen.startswith(FORMULA_STARTS) or text.startswith(("\t", "\r", "\n", "\x00"))
    return f"'{text}" if risky else text


def table_response(
    kind: str, name: str, columns: Sequence[Column[Row]], rows: Iterable[Row]
) -> HttpResponseBase:
    """The download ``name.csv`` or ``name.xlsx``. Raises Http404 for another kind of file."""
    if kind not in FORMATS:
        raise Http404
    file = f"{name}.{kind}"
    if kind == "csv":
        response: HttpResponseBase = StreamingHttpResponse(
            csv_lines(columns, rows), content_type="text/csv; charset=utf-8"
        )
    else:
        response = FileResponse(xlsx_file(columns, rows), content_type=XLSX_TYPE)
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"export.{kind}\"; filename*=UTF-8''{quote(file)}"
    )
    return response


class _Echo:
    """A file that gives back what is written to it: what the csv module needs to be streamed."""

    def write(self, line: str) -> str:
        return line


def csv_lines(columns: Sequence[Column[Row]], rows: Iterable[Row]) -> Iterator[str]:
    """The lines of a CSV file, the head first, with the mark Excel wants before it."""
    writer: Any = csv.writer(_Echo())
    yield BOM + writer.writerow([neutralised(column.title) for column in columns])
    for row in rows:
        yield writer.writerow([_csv_cell(column.value(row)) for column in columns])


def _csv_cell(value: Cell) -> str | int | float | Decimal:
    if value is None:
        return ""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, datetime):
        return f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return value.isoformat()
    return neutralised(value) if isinstance(value, str) else value


def xlsx_file(columns: Sequence[Column[Row]], rows: Iterable[Row]) -> Any:
    """An open temporary XLSX file at its beginning; it is gone when it is closed.

    Rows beyond what a sheet can hold (1,048,575) are left out: narrow the table before.
    """
    file = NamedTemporaryFile(suffix=".xlsx")  # noqa: SIM115 - the response closes it
    book = Workbook(
        file.name,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    instant = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    for number, column in enumerate(columns):
        sheet.write_string(0, number, column.title, bold)
    for line, row in enumerate(rows, start=1):
        if line > SHEET_ROWS:
            break
        for number, column in enumerate(columns):
            _xlsx_cell(sheet, line, number, column.value(row), day, instant)
    sheet.freeze_panes(1, 0)
    book.close()
    file.seek(0)
    return file


def _xlsx_cell(sheet: Any, line: int, number: int, value: Cell, day: Any, instant: Any) -> None:
    if value is None:
        return
    if isinstance(value, str):
        sheet.write_string(line, number, neutralised(value)[:CELL_CHARS])
    elif isinstance(value, bool):
        sheet.write_boolean(line, number, value)
    elif isinstance(value, datetime):
        local = value.astimezone(SHANGHAI).replace(tzinfo=None)
        sheet.write_datetime(line, number, local, instant)
    elif isinstance(value, date):
        sheet.write_datetime(line, number, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001 - a day has no zone
    else:
        sheet.write_number(line, number, value)
