"""Reads a workbook in a process of its own: ``python -I workbook_child.py ORDERS``, file on stdin.

Started by path, so that nothing of the application is loaded beside the hostile file. ORDERS is
JSON with the limits and the headers looked for: ``known`` in plain form, ``needed`` as groups of
which one header each must be there. Answers are JSON, one a line: first the header (``headers``,
``line`` and the ``last`` line), then blocks (``lines``, ``rows``, and ``long`` for the lines of
rows with a cell beyond the limit), at last ``end``; or a code as ``refused`` with ``params``.
Whoever reads must see the end: a process that ran into a limit of the system just stops.
"""

import json
import re
import resource
import sys
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from python_calamine import CalamineSheet, SheetTypeEnum, load_workbook

BLOCK_ROWS = 2000
BLOCK_CHARS = 2 * 1024 * 1024
HEADER_ROWS = 10
INFLATE_STEP = 1 << 20
# No sheet of different rows packs better than this; only sizes worth a second are looked at.
MOST_PACKED = 150
ALWAYS_INFLATED = 32 << 20
MEMORY_BASE = 32 << 20
MEMORY_PER_BYTE = 5
MEMORY_UNTOLD = 400 << 20
MOST_MEMBERS = 10_000
# Beyond this Excel keeps a number only roughly: an id of so many digits is not the id any more.
EXACT_BELOW = 10**15
PARTS = re.compile(
    r"xl/(?:worksheets/[^/]+\.xml|(?:sharedStrings|styles|workbook)\.xml|_rels/workbook\.xml\.rels)\Z",
    re.IGNORECASE,
)
SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
ERROR_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>]*?t="e"[^>]*>.*?<v>([^<]*)</v>', re.DOTALL
)
UNCOUNTED = re.compile(rb"</f>(?:<v/>|<v></v>)?</c>|<f/></c>")
# A cell that straddles two blocks is seen in the second.
OVERLAP = 400


# Error values such as #N/A by row and column, both from 0. The parser leaves their cells empty.
Errors = dict[tuple[int, int], str]


class RefusedError(Exception):
    """The workbook cannot be read; code and particulars for the sentence."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def limited(memory: int, seconds: int) -> None:
    """Make the system end this process where it wants too much."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limited_by(inflated: int, memory: int) -> None:
    """Allow as much memory as tables of that size take, at most ``memory`` in all.

    A cell takes some 25 bytes in the archive's text and several times that as a value; a workbook
    that wants much more repeats one long text or leaves most of a huge area empty.
    """
    allowed = _memory_now() + MEMORY_BASE + MEMORY_PER_BYTE * inflated
    limit = min(memory, allowed)
    resource.setrlimit(resource.RLIMIT_AS, (limit, memory))


def _memory_now() -> int:
    """Bytes of address space in use; a guess where the system does not tell."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[0]) * resource.getpagesize()
    except OSError:
        return MEMORY_UNTOLD


def guarded(data: bytes, orders: dict[str, Any]) -> dict[str, Errors]:
    """Look at the archive before it is parsed. The error values of each sheet's part."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise RefusedError("broken_workbook") from error
    names = {member.filename for member in members}
    if "xl/workbook.xml" not in names:
        raise RefusedError("not_a_workbook")
    if len(members) > MOST_MEMBERS or len(names) < len(members):
        raise RefusedError("workbook_bomb")
    parts = [member for member in members if PARTS.match(member.filename)]
    if sum(part.file_size for part in parts) > orders["max_inflated"]:
        raise RefusedError("workbook_too_large", limit=orders["max_inflated"] >> 20)
    limited_by(sum(part.file_size for part in parts), orders["memory"])
    return {part.filename: _looked_through(data, part, orders["max_rows"]) for part in parts}


def _looked_through(data: bytes, part: zipfile.ZipInfo, max_rows: int) -> Errors:
    is_sheet = part.filename.lower().startswith("xl/worksheets/")
    rows, tail = 0, b""
    errors: Errors = {}
    for block in _inflated(data, part):
        seen, tail = tail + block, block[-OVERLAP:]
        if b"<!DOCTYPE" in seen or b"<!ENTITY" in seen:
            raise RefusedError("workbook_bomb")
        if not is_sheet:
            continue
        rows += block.count(b"<row")
        if rows > max_rows + HEADER_ROWS:
            raise RefusedError("too_many_sheet_rows", limit=max_rows)
        if b"</f>" in seen and UNCOUNTED.search(seen):
            raise RefusedError("formulas_without_values")
        if b't="e"' in seen:
            errors |= {
                (int(row) - 1, _column(letters)): text.decode("utf-8", "replace")
                for letters, row, text in ERROR_CELL.findall(seen)
            }
    return errors


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _inflated(data: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The content in steps. Ends with a refusal where it is not what the archive says it is."""
    if part.flag_bits & 1:
        raise RefusedError("encrypted")
    at = part.header_offset
    if data[at : at + 4] != b"PK\x03\x04":
        raise RefusedError("broken_workbook")
    names = int.from_bytes(data[at + 26 : at + 28], "little") + int.from_bytes(
        data[at + 28 : at + 30], "little"
    )
    packed = data[at + 30 + names : at + 30 + names + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        yield packed
        return
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise RefusedError("broken_workbook")
    inflater, done = zlib.decompressobj(-15), 0
    while not inflater.eof:
        try:
            block = inflater.decompress(packed, INFLATE_STEP)
        except zlib.error as error:
            raise RefusedError("broken_workbook") from error
        packed = inflater.unconsumed_tail
        done += len(block)
        if done > part.file_size or (
            done > ALWAYS_INFLATED and done > MOST_PACKED * part.compress_size
        ):
            raise RefusedError("workbook_bomb")
        if not block and not packed:
            raise RefusedError("broken_workbook")
        yield block


def sheet_parts(data: bytes) -> list[str]:
    """The archive's name of each sheet, in the order of the workbook; unknown ones are empty."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        book = archive.read("xl/workbook.xml")
        try:
            relations = archive.read("xl/_rels/workbook.xml.rels")
        except KeyError:
            relations = b""
    targets = {
        _attribute(tag, b"Id"): _attribute(tag, b"Target") for tag in RELATION.findall(relations)
    }
    named = (targets.get(_attribute(tag, rb"\w+:id"), "") for tag in SHEET.findall(book))
    return [f"xl/{name}" if name[:1] != "/" else name[1:] for name in named]


def _attribute(tag: bytes, name: bytes) -> str:
    found = re.search(rb"\s" + name + rb"=[\"']([^\"']*)", tag)
    return found[1].decode("utf-8", "replace") if found else ""


def plain(header: str) -> str:
    """A header as it is compared."""
    return unicodedata.normalize("NFKC", header).strip().strip("\ufeff").casefold()


def texts(row: list[Any]) -> list[str]:
    """The cells of a row as a CSV file would hold them; dates still stand apart."""
    return [cell if type(cell) is str else text_of(cell) for cell in row]


def text_of(cell: Any) -> str:
    """A cell that is not text."""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, int | float):
        return number_text(cell)
    if isinstance(cell, datetime):
        return f"{cell + timedelta(microseconds=500_000):%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, date):
        return cell.isoformat()
    return f"{cell:%H:%M:%S}" if isinstance(cell, time) else str(cell)


def number_text(number: float) -> str:
    """Up to 15 digits, never an exponent; beyond that the exponent tells that digits are lost."""
    if abs(number) >= EXACT_BELOW:
        return f"{number:.14E}"
    if number == int(number):
        return str(int(number))
    written = f"{number:.15g}"
    return f"{Decimal(written):f}" if "e" in written else written


def rows_of(sheet: CalamineSheet, errors: Errors) -> Iterator[tuple[int, list[Any]]]:
    """Rows that are not blank, with their line, errors in their places."""
    first = sheet.start[1] if sheet.start else 0
    wrong: dict[int, list[tuple[int, str]]] = {}
    for (at, column), text in errors.items():
        wrong.setdefault(at, []).append((column - first, text))
    for at, row in enumerate(sheet.iter_rows()):
        for column, text in wrong.get(at, ()):
            if 0 <= column < len(row):
                row[column] = text
        if any(cell != "" for cell in row):
            yield at + 1, row


def found_header(sheet: CalamineSheet, known: set[str]) -> tuple[int, list[str], int]:
    """Line, headers and the number of known headers of the row that knows most of them."""
    best: tuple[int, list[str], int] = (0, [], -1)
    for count, (line, row) in enumerate(rows_of(sheet, {})):
        if count == HEADER_ROWS:
            break
        headers = texts(row)
        hits = len({plain(header) for header in headers} & known)
        if hits > best[2]:
            best = (line, headers, hits)
    return best


@dataclass
class Chosen:
    """The sheet to read, its place in the workbook, and its header."""

    sheet: CalamineSheet
    place: int
    line: int
    headers: list[str]
    hits: int


def chosen(data: bytes, orders: dict[str, Any]) -> Chosen:
    """The first sheet with all needed headers, else the one that knows most."""
    known, needed = set(orders["known"]), [set(group) for group in orders["needed"]]
    best = None
    with load_workbook(BytesIO(data)) as book:
        for at, meta in enumerate(book.sheets_metadata):
            if meta.typ is not SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_index(at)
            line, headers, hits = found_header(sheet, known)
            if best is None or hits > best.hits:
                best = Chosen(sheet, at, line, headers, hits)
            if needed and all(group & {plain(header) for header in headers} for group in needed):
                break
    if best is None or not best.headers:
        raise RefusedError("empty_file")
    return best


def told(answer: dict[str, Any]) -> None:
    """One line of answer."""
    sys.stdout.buffer.write(
        json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
    )


def send(data: bytes, orders: dict[str, Any]) -> None:
    """Look through the workbook, then send the header and every row below it."""
    errors = guarded(data, orders)
    book = chosen(data, orders)
    sheet, line, headers = book.sheet, book.line, book.headers
    parts = sheet_parts(data)
    part = parts[book.place] if book.place < len(parts) else ""
    while headers and not headers[-1].strip():
        headers.pop()
    last = sheet.end[0] + 1 if sheet.end else line
    if last - line > orders["max_rows"]:
        raise RefusedError("too_many_sheet_rows", limit=orders["max_rows"])
    told({"headers": headers, "line": line, "last": last})
    sys.stdout.buffer.flush()
    sender = Sender(len(headers), orders["cell_chars"])
    for at, row in rows_of(sheet, errors.get(part, {})):
        if at > line:
            sender.add(at, row)
    sender.flush()
    told({"end": True})


class Sender:
    """Collects rows and sends them in blocks of bounded size."""

    def __init__(self, width: int, cell_chars: int) -> None:
        self._width = width
        self._cell_chars = cell_chars
        self._lines: list[int] = []
        self._rows: list[list[Any]] = []
        self._long: list[int] = []
        self._chars = 0

    def add(self, line: int, row: list[Any]) -> None:
        """One row; a cell beyond the limit costs the row."""
        sizes = [len(cell) for cell in row if type(cell) is str]
        if sizes and max(sizes) > self._cell_chars:
            self._long.append(line)
            return
        self._lines.append(line)
        self._rows.append(row)
        self._chars += sum(sizes)
        if len(self._rows) == BLOCK_ROWS or self._chars > BLOCK_CHARS:
            self.flush()

    def flush(self) -> None:
        """Send what was collected."""
        rows = fitted(self._rows, self._width)
        told({"lines": self._lines, "rows": rows, "long": self._long})
        self._lines, self._rows, self._long, self._chars = [], [], [], 0


def fitted(rows: list[list[Any]], width: int) -> list[list[str]]:
    """A block as texts. What stands right of the last header stays only where something does."""
    stamped = {at for row in rows for at, cell in enumerate(row) if type(cell) is datetime}
    written = []
    for row in rows:
        cells = texts(row)
        for at in stamped:
            # Midnight is the one time that looks like a date among times.
            if type(row[at]) is date:
                cells[at] += " 00:00:00"
        if any(cells[width:]):
            written.append(cells)
        else:
            written.append(cells[:width] + [""] * (width - len(cells)))
    return written


def main() -> None:
    """Answers, whatever comes."""
    orders = json.loads(sys.argv[1])
    limited(orders["memory"], orders["seconds"])
    try:
        data = sys.stdin.buffer.read()
        send(data, orders)
    except RefusedError as refused:
        told({"refused": refused.code, "params": refused.params})
    except MemoryError:
        told({"refused": "workbook_too_heavy", "params": {}})
    except Exception:
        # Whatever the parser makes of it: it is not a workbook that can be read.
        told({"refused": "broken_workbook", "params": {}})


if __name__ == "__main__":
    main()
