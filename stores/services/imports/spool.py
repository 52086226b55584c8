"""The rows of a file between reading and applying, on disk, cut into chunks.

Rows that speak of the same record must be judged together: of two rows with one identity the last
wins, and an order is read from its first row. So a row goes to the chunk in which its record first
appears. That is decided by 64-bit hashes of the identities; two different identities that share a
hash merely land in the same chunk.

The spool is an unlinked temporary file: it is gone with the process, however that ends.
"""

import marshal
from array import array
from collections import defaultdict
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from typing import Any, Protocol

import numpy as np

from stores.calc.cells import Values

# Bounds what one chunk can grow to. No order has as many lines, no export repeats a row as often.
MAX_ROWS_PER_RECORD = 10_000
PARTITIONS = 16

Place = tuple[int, int]


@dataclass
class Rejected:
    """A record that is not a row of the table: where it begins and why."""

    line: int
    code: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass
class RawChunk:
    """Rows as texts, column by column in the order of the layout, in file order."""

    number: int
    lines: list[int]
    cells: list[list[str]]
    rejected: list[Rejected]

    @property
    def records(self) -> int:
        """How many records of the file the chunk accounts for."""
        return len(self.lines) + len(self.rejected)


class Rows(Protocol):
    """The rows of a file that was read, settled chunk by chunk; ``records`` of the file in all."""

    records: int

    def __len__(self) -> int:
        """How many chunks there are."""

    def chunk(self, number: int) -> RawChunk:
        """One chunk, numbered from 0."""


class Spool:
    """Written chunk by chunk with :meth:`add`, then settled, then read with :meth:`chunk`."""

    def __init__(self) -> None:
        self._file = TemporaryFile(prefix="shopguard-import-")  # noqa: SIM115 (closed by __exit__)
        self._places: list[Place] = []
        self._first_rows: list[int] = [0]
        self._hashes = array("q")
        self._leaving: dict[int, list[int]] = defaultdict(list)
        self._coming: dict[int, list[int]] = defaultdict(list)
        self._carried: dict[int, Place] = {}
        self._surplus: dict[int, list[int]] = defaultdict(list)
        self.records = 0

    def __enter__(self) -> "Spool":
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()

    def __len__(self) -> int:
        return len(self._places)

    def add(
        self, lines: list[int], cells: list[list[str]], hashes: list[int], rejected: list[Rejected]
    ) -> None:
        """Append a chunk: line numbers, columns, identity hashes of its rows, and its rejects."""
        packed = [(item.line, item.code, item.params) for item in rejected]
        self._places.append(self._write((lines, cells, packed)))
        self._hashes.extend(hashes)
        self._first_rows.append(self._first_rows[-1] + len(lines))
        self.records += len(lines) + len(rejected)

    def settle(self) -> None:
        """Decide which rows move to the chunk where their record first appears."""
        hashes = np.frombuffer(self._hashes, dtype=np.int64)
        starts = np.asarray(self._first_rows[1:], dtype=np.int64)
        for part in range(PARTITIONS):
            rows = np.flatnonzero((hashes & (PARTITIONS - 1)) == part)
            self._settle_part(rows, hashes[rows], starts)
        del hashes
        self._hashes = array("q")
        for chunk in sorted(self._leaving):
            self._carry(chunk)

    def _settle_part(self, rows: Values, hashes: Values, starts: Values) -> None:
        order = np.argsort(hashes, kind="stable")
        rows, hashes = rows[order], hashes[order]
        opens = np.ones(len(rows), dtype=np.bool_)
        opens[1:] = hashes[1:] != hashes[:-1]
        if opens.all():
            return
        at = np.maximum.accumulate(np.where(opens, np.arange(len(rows)), 0))
        home = np.searchsorted(starts, rows[at], side="right")
        here = np.searchsorted(starts, rows, side="right")
        surplus = np.arange(len(rows)) - at >= MAX_ROWS_PER_RECORD
        for row, chunk in zip(rows[surplus].tolist(), here[surplus].tolist(), strict=True):
            self._surplus[chunk].append(row - self._first_rows[chunk])
        moving = (home != here) & ~surplus
        for row, chunk, target in zip(
            rows[moving].tolist(), here[moving].tolist(), home[moving].tolist(), strict=True
        ):
            self._leaving[chunk].append(row - self._first_rows[chunk])
            self._coming[target].append(row)

    def _carry(self, chunk: int) -> None:
        """Write the rows that leave a chunk one by one, where their new chunk can find them."""
        lines, cells, _ = self._read(self._places[chunk])
        first = self._first_rows[chunk]
        for at in self._leaving[chunk]:
            self._carried[first + at] = self._write((lines[at], [column[at] for column in cells]))

    def chunk(self, number: int) -> RawChunk:
        """The rows of a chunk, moved rows included, in file order."""
        lines, cells, packed = self._read(self._places[number])
        rejected = [Rejected(*item) for item in packed]
        surplus = self._surplus.get(number, [])
        rejected += [
            Rejected(lines[at], "too_many_rows", {"limit": MAX_ROWS_PER_RECORD}) for at in surplus
        ]
        if gone := {*self._leaving.get(number, []), *surplus}:
            stay = [at for at in range(len(lines)) if at not in gone]
            lines = [lines[at] for at in stay]
            cells = [[column[at] for at in stay] for column in cells]
        for row in sorted(self._coming.get(number, [])):
            line, row_cells = self._read(self._carried[row])
            lines.append(line)
            for column, cell in zip(cells, row_cells, strict=True):
                column.append(cell)
        return RawChunk(number, lines, cells, rejected)

    def _write(self, content: Any) -> Place:
        data = marshal.dumps(content)
        start = self._file.seek(0, 2)
        self._file.write(data)
        return start, len(data)

    def _read(self, place: Place) -> Any:
        self._file.seek(place[0])
        # The file is ours alone: it has no name any more, so nobody else can have written to it.
        return marshal.loads(self._file.read(place[1]))  # nosec B302
