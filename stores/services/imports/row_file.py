"""What every format gives the engine: a header, and blocks of rows with their lines."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from stores.kinds._declare import Kind
from stores.presets._declare import Preset
from stores.services.imports.source import Source
from stores.services.imports.spool import Rejected


@dataclass(frozen=True)
class Limits:
    """How much is read. ``chunk_rows`` records make a chunk."""

    rows: int
    cell_chars: int
    chunk_rows: int


@dataclass(frozen=True)
class Heading:
    """One way to read the header; ``delimiter`` is empty where a format has none."""

    headers: list[str]
    delimiter: str = ""


@dataclass(frozen=True)
class Start:
    """The beginning of a file: its header and the first rows as they stand there."""

    headers: list[str]
    rows: list[list[str]]


@dataclass
class Block:
    """Whole rows with the line each begins in, and the records that are none.

    ``done`` is how far the file has been read, in bytes.
    """

    rows: list[list[str]]
    lines: list[int]
    rejected: list[Rejected] = field(default_factory=list)
    done: int = 0


class RowFile(Protocol):
    """A file that has been opened. Anything hostile in it ends in RefusedError."""

    source: Source
    encoding: str
    content_hash: str

    def headings(self, kind: Kind, preset: Preset) -> list[Heading]:
        """The ways to read the header for that kind and preset."""

    def start(self, count: int) -> Start:
        """The header and the first rows, whatever they are about."""

    def blocks(self, heading: Heading, limits: Limits) -> Iterator[Block]:
        """Every row once. Called after :meth:`headings`, with one of them."""

    def close(self) -> None:
        """Let go of what was opened."""


def sorted_out(
    records: list[list[str]], lines: list[int], width: int, *, suspicious: bool
) -> Block:
    """Whole rows, their lines, and what is no row. Blank lines are neither."""
    if not suspicious and set(map(len, records)) == {width}:
        return Block(records, lines[: len(records)])
    block = Block([], [])
    for record, line in zip(records, lines, strict=False):
        if len(record) != width:
            if len(record) > 1 or (record and record[0].strip()):
                params = {"found": len(record), "expected": width}
                block.rejected.append(Rejected(line, "wrong_cell_count", params))
        elif suspicious and (code := bad_character(record)):
            block.rejected.append(Rejected(line, code))
        else:
            block.rows.append(record)
            block.lines.append(line)
    return block


def bad_character(record: list[str]) -> str:
    """The code of a character no cell may hold, empty for none."""
    joined = "".join(record)
    if "\x00" in joined:
        return "nul"
    return "replacement_character" if "\ufffd" in joined else ""
