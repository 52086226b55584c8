"""CSV files: comma, tab or semicolon, any encoding :mod:`source` knows."""

import csv
import re
from collections.abc import Iterable, Iterator
from io import StringIO
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO, TextIO, cast

from stores.kinds._declare import Kind
from stores.presets._declare import Preset
from stores.services.imports.row_file import Block, Heading, Limits, Start, sorted_out
from stores.services.imports.source import Examined, RefusedError
from stores.services.imports.spool import Rejected

if TYPE_CHECKING:
    from _csv import Reader

DELIMITERS = (",", "\t", ";")
MAX_HEADER_CHARS = 64 * 1024
BLOCK_ROWS = 4000
MAX_LINE_CHARS = 1 << 21
LINE_BREAK = re.compile(r"\r\n|\r|\n")


class CsvFile:
    """A text file whose header is its first line that is not blank."""

    def __init__(self, file: Examined) -> None:
        self._file = file
        self.source = file.source
        self.encoding = file.encoding
        self.content_hash = file.content_hash

    def headings(self, kind: Kind, preset: Preset) -> list[Heading]:
        """One for each delimiter."""
        start = self._start()
        return [Heading(first_record(start, mark), mark) for mark in DELIMITERS]

    def start(self, count: int) -> Start:
        """Header and first rows, by the delimiter that cuts the header into most columns."""
        text = self._start()
        mark = max(DELIMITERS, key=lambda mark: len(first_record(text, mark)))
        headers = first_record(text, mark)
        if not headers:
            raise RefusedError("empty_file")
        whole = (row for row in csv.reader(StringIO(text, newline=""), delimiter=mark) if row)
        try:
            rows = [row for row in islice(whole, 1, count + 1) if len(row) == len(headers)]
        except csv.Error:
            rows = []
        return Start([header.strip() for header in headers], rows)

    def _start(self) -> str:
        with self._file.text() as text:
            return text.read(MAX_HEADER_CHARS)

    def blocks(self, heading: Heading, limits: Limits) -> Iterator[Block]:
        """Every row below the header; csv's own limit holds for one cell."""
        csv.field_size_limit(limits.cell_chars)
        with self._file.text() as text:
            source = _lines(text) if self._file.has_endless_line else text
            for block in self._blocks(source, heading, limits):
                block.done = cast(BinaryIO, text.buffer).tell()
                yield block

    def _blocks(self, text: Iterable[str], heading: Heading, limits: Limits) -> Iterator[Block]:
        reader = _behind_header(text, heading.delimiter)
        size = min(BLOCK_ROWS, limits.chunk_rows)
        while True:
            before = reader.line_num
            records: list[list[str]] = []
            broken = None
            try:
                records.extend(islice(reader, size))
            except csv.Error as error:
                broken = error
            lines = _line_numbers(records, before, reader.line_num, broken is not None)
            width = len(heading.headers)
            block = sorted_out(records, lines, width, suspicious=self._file.suspicious)
            if broken is not None:
                begin = lines[-1] if len(lines) > len(records) else before + 1
                block.rejected.append(_unreadable(broken, begin, reader.line_num, limits))
            if not records and broken is None:
                return
            yield block

    def close(self) -> None:
        """Nothing stays open."""


def first_record(start: str, delimiter: str) -> list[str]:
    """The first record that is not blank; empty when there is none that can be read."""
    try:
        for record in csv.reader(StringIO(start, newline=""), delimiter=delimiter, strict=True):
            if any(cell.strip() for cell in record):
                return record
    except csv.Error:
        return []
    return []


def _behind_header(text: Iterable[str], delimiter: str) -> "Reader":
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    next(record for record in reader if any(cell.strip() for cell in record))
    return reader


def _unreadable(error: csv.Error, first: int, last: int, limits: Limits) -> Rejected:
    if "field limit" in str(error):
        return Rejected(first, "cell_too_long", {"limit": limits.cell_chars})
    return Rejected(first, "bad_quotes", {"first": first, "last": last})


def _lines(text: TextIO) -> Iterator[str]:
    """Physical lines; one that is absurdly long is cut, so that it spoils only itself."""
    while line := text.readline(MAX_LINE_CHARS):
        if len(line) == MAX_LINE_CHARS and line[-1] not in "\r\n":
            while (rest := text.readline(MAX_LINE_CHARS)) and rest[-1] not in "\r\n":
                pass
            line += "\n"
        yield line


def _line_numbers(records: list[list[str]], before: int, after: int, broken: bool) -> list[int]:
    """The physical line in which each record begins; one more for a record that broke."""
    if after - before == len(records) and not broken:
        return list(range(before + 1, after + 1))
    numbers = [before + 1]
    for record in records:
        inside = sum(
            len(LINE_BREAK.findall(cell)) for cell in record if "\n" in cell or "\r" in cell
        )
        numbers.append(numbers[-1] + 1 + inside)
    return numbers if broken else numbers[:-1]
