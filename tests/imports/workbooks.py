"""Workbooks for tests, written as Excel writes them or worse."""

import zipfile
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from io import BytesIO
from typing import Any

import xlsxwriter

TIME, DAY = "yyyy-mm-dd hh:mm:ss", "yyyy-mm-dd"


def workbook(*sheets: Iterable[Iterable[Any]], merged: Iterable[str] = ()) -> bytes:
    """Sheets of rows of cells; times are cells formatted as such. ``merged`` of the first sheet."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    time, day = book.add_format({"num_format": TIME}), book.add_format({"num_format": DAY})
    for rows in sheets:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, datetime):
                    sheet.write_datetime(at, column, cell, time)
                elif isinstance(cell, date):
                    sheet.write_datetime(at, column, cell, day)
                elif isinstance(cell, str) and not cell.startswith("="):
                    sheet.write_string(at, column, cell)
                elif cell is not None:
                    sheet.write(at, column, cell)
    for cells in merged:
        book.worksheets()[0].merge_range(cells, "2024 年 3 月")
    book.close()
    return out.getvalue()


def table(*rows: Mapping[str, Any]) -> list[list[Any]]:
    """Rows as dictionaries, the header first."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    return [list(columns), *([row.get(name) for name in columns] for row in rows)]


def archive(**members: bytes | str) -> bytes:
    """A zip; ``sheet`` is the first sheet, ``book`` the list of sheets."""
    names = {"sheet": "xl/worksheets/sheet1.xml", "book": "xl/workbook.xml"}
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(names.get(name, name), content)
    return out.getvalue()


def changed(data: bytes, member: str, old: str, new: str) -> bytes:
    """A workbook with a text of one of its parts replaced."""
    out = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(data)) as read,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for info in read.infolist():
            content = read.read(info)
            if info.filename == member:
                assert old.encode() in content
                content = content.replace(old.encode(), new.encode())
            made.writestr(info.filename, content)
    return out.getvalue()


def stored(data: bytes) -> bytes:
    """A workbook whose parts are not packed."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as read, zipfile.ZipFile(out, "w") as made:
        for info in read.infolist():
            made.writestr(info.filename, read.read(info))
    return out.getvalue()
