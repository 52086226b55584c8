"""JSON as open platforms answer: records one a line, in an array, or in whole answers.

The text is read piece by piece; only one record, or one answer with its page of records, is held.
A line of the report is the running number of a row, as all records may stand in one line.
"""

from collections.abc import Iterator, Mapping
from json import JSONDecodeError, JSONDecoder
from typing import Any, BinaryIO, TextIO, cast

from stores.kinds._declare import Kind
from stores.presets import presets
from stores.presets._declare import Preset, Records
from stores.services.imports.row_file import Block, Heading, Limits, Start, bad_character
from stores.services.imports.source import Examined, RefusedError
from stores.services.imports.spool import Rejected

PIECE = 1 << 18
MAX_RECORD_CHARS = 8 << 20
BLOCK_ROWS = 4000
BETWEEN = " \t\r\n,"
# An error so close to the end of what was read means only that the rest has not been read yet.
NEAR_END = 16
ANSWER_DEPTH = 3


class BrokenError(Exception):
    """A stretch of text that is no JSON."""


class JsonFile:
    """Records of the one shape a preset declares."""

    def __init__(self, file: Examined) -> None:
        self._file = file
        self.source = file.source
        self.encoding = file.encoding
        self.content_hash = file.content_hash
        self._records = Records(lists=())
        self._headers: list[str] = []

    def headings(self, kind: Kind, preset: Preset) -> list[Heading]:
        """The fields the preset reads. Raises RefusedError for a preset of other files."""
        if preset.records is None:
            names = [p.name for p in presets().values() if p.records and p.fits(kind.name)]
            raise RefusedError("json_needs_preset", presets=", ".join(names) or "—")
        self._records = preset.records
        others = (header for header, _ in preset.only_where.values())
        self._headers = list(dict.fromkeys([*preset.headers, *others]))
        return [Heading(self._headers)]

    def start(self, count: int) -> Start:
        """The fields of the first record, and the first rows, by the preset that knows most."""
        with self._file.text() as text:
            first = next((v for v in _Scanner(text).values() if isinstance(v, dict)), None)
        if first is None:
            raise RefusedError("empty_file")
        known = [p for p in presets().values() if p.records]
        best = max(
            known, key=lambda p: len(_fields(first, p.records) & set(p.headers)), default=None
        )
        if (
            best is None
            or best.records is None
            or not _fields(first, best.records) & set(best.headers)
        ):
            return Start(sorted(first), [])
        self._records, headers = best.records, list(best.headers)
        rows = [
            row
            for record in _records_in(first, best.records)
            for row in self._rows(record, headers)
        ]
        return Start(headers, [row for row in rows if row is not None][:count])

    def blocks(self, heading: Heading, limits: Limits) -> Iterator[Block]:
        """Every row; what is no JSON is one rejected record."""
        block, line = Block([], []), 0
        with self._file.text() as text:
            for value in _Scanner(text).values():
                for row in self._rows_of(value, self._headers):
                    line += 1
                    code = self._fault(row, limits)
                    if code is not None or row is None:
                        params = {"limit": limits.cell_chars}
                        block.rejected.append(Rejected(line, code or "not_a_record", params))
                    else:
                        block.rows.append(row)
                        block.lines.append(line)
                if len(block.lines) + len(block.rejected) >= min(BLOCK_ROWS, limits.chunk_rows):
                    block.done = cast(BinaryIO, text.buffer).tell()
                    yield block
                    block = Block([], [])
        yield block

    def close(self) -> None:
        """Nothing stays open."""

    def _rows_of(self, value: Any, headers: list[str]) -> Iterator[list[str] | None]:
        if isinstance(value, BrokenError):
            yield None
            return
        for record in _records_in(value, self._records):
            yield from self._rows(record, headers)

    def _rows(self, record: Any, headers: list[str]) -> Iterator[list[str] | None]:
        """The rows of a record: one for each of its lines, or one."""
        if not isinstance(record, dict):
            yield None
            return
        lines = record.get(self._records.lines) if self._records.lines else None
        start = f"{self._records.lines}."
        for part in lines if isinstance(lines, list) and lines else [{}]:
            inside = part if isinstance(part, dict) else {}
            cells = [
                inside.get(header.removeprefix(start))
                if header.startswith(start)
                else record.get(header)
                for header in headers
            ]
            plain = [_text(cell) for cell in cells]
            whole = isinstance(part, dict) and None not in plain
            yield [cell or "" for cell in plain] if whole else None

    def _fault(self, row: list[str] | None, limits: Limits) -> str | None:
        if row is None:
            return "not_a_record"
        if max(map(len, row)) > limits.cell_chars:
            return "cell_too_long"
        # A JSON text may write these as escapes, so that the text itself does not show them.
        return bad_character(row) or None


def _text(cell: Any) -> str | None:
    """A value as a cell, a list of words as one; None for what has parts of its own."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, list):
        parts = [part for part in cell if isinstance(part, str)]
        return _encodable(",".join(parts)) if len(parts) == len(cell) else None
    return _encodable(cell) if isinstance(cell, str) else None


def _encodable(text: str) -> str:
    """Half of a surrogate pair, which JSON can write, is no character."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _records_in(value: Any, records: Records) -> list[Any]:
    """The records of an answer of the interface, or the value itself."""
    inside = value
    for _ in range(ANSWER_DEPTH):
        if not isinstance(inside, dict):
            break
        for name in records.lists:
            if isinstance(inside.get(name), list):
                found: list[Any] = inside[name]
                return found
        if not isinstance(inside.get("data"), dict | list):
            break
        inside = inside["data"]
    return inside if isinstance(inside, list) else [inside]


def _fields(value: Any, records: Records | None) -> set[str]:
    """The fields of the first record, those of its first line included."""
    if records is None:
        return set()
    record = next(iter(_records_in(value, records)), None)
    if not isinstance(record, Mapping):
        return set()
    lines = record.get(records.lines)
    first = lines[0] if isinstance(lines, list) and lines else {}
    inside = {f"{records.lines}.{name}" for name in first} if isinstance(first, dict) else set()
    return {*record, *inside}


class _Scanner:
    """Takes JSON values off a text one by one, holding only the piece it is in."""

    # Numbers stay as they are written: no digit of an id is lost and no number is too long.
    decoder = JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._held = ""
        self._at = 0
        self._ended = False
        self._depth = 0

    def values(self) -> Iterator[Any]:
        """Values one after another, members of an array at the top one by one.

        Yields a BrokenError for a stretch that cannot be read; reading goes on in the next line.
        """
        while self._stands_before_value():
            try:
                value, end = self.decoder.raw_decode(self._held, self._at)
            except RecursionError:
                value, end = BrokenError(), self._at
            except JSONDecodeError as error:
                if self._may_go_on(error) and self._read_on():
                    continue
                value, end = BrokenError(), self._at
            if end == len(self._held) and not isinstance(value, dict | list) and self._read_on():
                continue
            self._at = end
            if isinstance(value, BrokenError):
                self._skip_line()
            yield value

    def _stands_before_value(self) -> bool:
        """Go to the next value; False at the end of the text."""
        while True:
            while self._at < len(self._held) and self._is_between(self._held[self._at]):
                self._at += 1
            if self._at < len(self._held):
                return True
            if not self._read_on():
                return False

    def _is_between(self, mark: str) -> bool:
        """Whether a character separates values; brackets of the array at the top do."""
        if mark == "[" and self._depth == 0:
            self._depth = 1
            return True
        if mark == "]" and self._depth == 1:
            self._depth = 0
            return True
        return mark in BETWEEN

    def _may_go_on(self, error: JSONDecodeError) -> bool:
        """Whether only the end of what is held makes it broken."""
        short = len(self._held) - self._at < MAX_RECORD_CHARS
        near = error.pos >= len(self._held) - NEAR_END
        return short and (near or error.msg.startswith("Unterminated"))

    def _read_on(self) -> bool:
        """Hold more of the text. Twice as much each time, so that a long record is no trouble."""
        if self._ended:
            return False
        rest = self._held[self._at :]
        more = self._text.read(max(PIECE, len(rest)))
        self._held, self._at, self._ended = rest + more, 0, not more
        return bool(more)

    def _skip_line(self) -> None:
        while (end := self._held.find("\n", self._at)) < 0:
            self._at = len(self._held)
            if not self._read_on():
                return
        self._at = end + 1
