"""Opens a file of any format the engine reads; which one it is, its first bytes tell."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from stores.services.imports.csv_file import CsvFile
from stores.services.imports.json_file import JsonFile
from stores.services.imports.row_file import RowFile
from stores.services.imports.source import (
    OLE,
    ZIP,
    RefusedError,
    Source,
    beginning,
    examine,
    is_encrypted,
)
from stores.services.imports.xlsx_file import XlsxFile

HTML = ("<!doctype", "<html", "<table", "<?xml", "<meta")


@contextmanager
def open_file(source: Source) -> Iterator[RowFile]:
    """The rows of a file. Raises RefusedError for one that cannot be read."""
    file = _opened(source)
    try:
        yield file
    finally:
        file.close()


def _opened(source: Source) -> RowFile:
    limit: int = settings.IMPORT_MAX_BYTES
    start = beginning(source, limit)
    if start.startswith(ZIP):
        return XlsxFile(source)
    if start.startswith(OLE):
        raise RefusedError("encrypted" if is_encrypted(source) else "old_workbook")
    text = examine(source, start, limit)
    with text.text() as opened:
        first = opened.read(1000).lstrip("\ufeff \t\r\n")
    if first[:20].casefold().startswith(HTML):
        raise RefusedError("html")
    return JsonFile(text) if first[:1] in ("{", "[") else CsvFile(text)
