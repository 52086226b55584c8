"""Reads a file once: keeps the mapped cells, drops what names a person, cuts chunks.

Nothing personal reaches the spool: columns that are not mapped are dropped, buyers are hashed and
free text is scrubbed in the block in which they were read.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import BinaryIO, TextIO, cast

from shopguard.lib.buyers import BuyerKeys
from shopguard.lib.scrub import scrub_all
from stores.calc.cells import clean
from stores.kinds._declare import SHOP_COLUMN, Column, Kind
from stores.services.imports.layout import Layout, header_of
from stores.services.imports.source import Examined, RefusedError
from stores.services.imports.spool import Rejected, Spool

BLOCK_ROWS = 4000
MAX_LINE_CHARS = 1 << 21
LINE_BREAK = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class Limits:
    """How much is read. ``chunk_rows`` records make a chunk."""

    rows: int
    cell_chars: int
    chunk_rows: int


@dataclass
class _Chunk:
    cells: list[list[str]]
    lines: list[int] = field(default_factory=list)
    hashes: list[int] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)

    @property
    def records(self) -> int:
        return len(self.lines) + len(self.rejected)


class Reader:
    """Fills a spool from a file. ``shop`` stands in for files that carry no shop column."""

    def __init__(
        self, kind: Kind, layout: Layout, limits: Limits, shop: str, buyers: BuyerKeys
    ) -> None:
        self._kind = kind
        self._layout = layout
        self._limits = limits
        self._shop = shop
        self._buyers = buyers
        self._positions = [position for position, _, _ in layout.mapped]
        names = [column.name for column in layout.columns]
        shared = (kind.head or kind.record).keys.values()
        self._key_columns = [names.index(name) for name in shared if name in names]
        self._shop_column = names.index(SHOP_COLUMN) if SHOP_COLUMN in names else None

    def read_into(self, spool: Spool, file: Examined, told: Callable[[int], object]) -> None:
        """Read all; ``told`` hears of bytes. Raises RefusedError beyond the row limit."""
        csv.field_size_limit(self._limits.cell_chars)
        chunk = _Chunk([[] for _ in self._positions])
        with file.text() as text:
            source = _lines(text) if file.has_endless_line else text
            for rows, lines, rejected in self._blocks(source, file.suspicious):
                self._take(chunk, rows, lines)
                chunk.rejected += rejected
                if chunk.records >= self._limits.chunk_rows:
                    chunk = self._flush(spool, chunk)
                    told(cast(BinaryIO, text.buffer).tell())
        if chunk.records:
            self._flush(spool, chunk)
        spool.settle()

    def _flush(self, spool: Spool, chunk: _Chunk) -> _Chunk:
        spool.add(chunk.lines, chunk.cells, chunk.hashes, chunk.rejected)
        if spool.records > self._limits.rows:
            raise RefusedError("too_many_records", limit=self._limits.rows)
        return _Chunk([[] for _ in self._positions])

    def _blocks(
        self, text: Iterable[str], suspicious: bool
    ) -> Iterator[tuple[list[list[str]], list[int], list[Rejected]]]:
        """Blocks of whole rows with the line each begins in, and the records that are none."""
        reader = header_of(text, self._layout)
        size = min(BLOCK_ROWS, self._limits.chunk_rows)
        while True:
            before = reader.line_num
            records: list[list[str]] = []
            broken = None
            try:
                records.extend(islice(reader, size))
            except csv.Error as error:
                broken = error
            lines = _line_numbers(records, before, reader.line_num, broken is not None)
            rows, numbers, rejected = self._sorted_out(records, lines, suspicious)
            if broken is not None:
                begin = lines[-1] if len(lines) > len(records) else before + 1
                rejected.append(self._unreadable(broken, begin, reader.line_num))
            if not records and broken is None:
                return
            yield rows, numbers, rejected

    def _unreadable(self, error: csv.Error, first: int, last: int) -> Rejected:
        if "field limit" in str(error):
            return Rejected(first, "cell_too_long", {"limit": self._limits.cell_chars})
        return Rejected(first, "bad_quotes", {"first": first, "last": last})

    def _sorted_out(
        self, records: list[list[str]], lines: list[int], suspicious: bool
    ) -> tuple[list[list[str]], list[int], list[Rejected]]:
        """Whole rows, their lines, and what is no row. Blank lines are neither."""
        width = self._layout.width
        if not suspicious and set(map(len, records)) == {width}:
            return records, lines[: len(records)], []
        rows, numbers, rejected = [], [], []
        for record, line in zip(records, lines, strict=False):
            if len(record) != width:
                if len(record) > 1 or (record and record[0].strip()):
                    params = {"found": len(record), "expected": width}
                    rejected.append(Rejected(line, "wrong_cell_count", params))
            elif suspicious and (code := _bad_character(record)):
                rejected.append(Rejected(line, code))
            else:
                rows.append(record)
                numbers.append(line)
        return rows, numbers, rejected

    def _take(self, chunk: _Chunk, rows: list[list[str]], lines: list[int]) -> None:
        """Add whole rows to a chunk, filtered, hashed and scrubbed."""
        if not rows:
            return
        columns = list(zip(*rows, strict=True))
        picked = [list(columns[position]) for position in self._positions]
        shops = self._shops(picked, len(rows))
        for at, column in enumerate(self._layout.columns):
            picked[at] = self._protected(column, picked[at], shops)
        keys = [[clean(cell) for cell in picked[at]] for at in self._key_columns]
        chunk.hashes.extend(map(hash, zip(shops, *keys, strict=True)))
        chunk.lines.extend(lines)
        for kept, fresh in zip(chunk.cells, picked, strict=True):
            kept.extend(fresh)

    def _shops(self, picked: list[list[str]], count: int) -> list[str]:
        if self._shop_column is None:
            return [self._shop] * count
        table = {text: clean(text) or self._shop for text in set(picked[self._shop_column])}
        return [table[text] for text in picked[self._shop_column]]

    def _protected(self, column: Column, cells: list[str], shops: list[str]) -> list[str]:
        quirk = self._layout.preset.quirks.get(column.name)
        if quirk is not None:
            cells = [quirk(cell) for cell in cells]
        if column.personal:
            return [
                self._buyers.ref(shop, plain)
                if (plain := clean(cell)) and plain != "\\N"
                else plain
                for shop, cell in zip(shops, cells, strict=True)
            ]
        if column.cell.free_text:
            return list(scrub_all(cells))
        return cells


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


def _bad_character(record: list[str]) -> str:
    joined = "".join(record)
    if "\x00" in joined:
        return "nul"
    return "replacement_character" if "\ufffd" in joined else ""
