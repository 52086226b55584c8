"""Which column of a file is which: delimiter, header, what is ignored, what is missing."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, TextIO

from stores.kinds._declare import SHOP_COLUMN, Column, Kind
from stores.presets import presets
from stores.presets._declare import Preset, is_personal
from stores.services.imports.source import RefusedError

if TYPE_CHECKING:
    from _csv import Reader

DELIMITERS = (",", "\t", ";")
MAX_HEADER_CHARS = 64 * 1024
MAX_COLUMNS = 1000


@dataclass(frozen=True)
class Layout:
    """How the rows of a file are read.

    ``mapped`` are (position, header in the file, column); ``width`` is the number of cells a row
    must have; ``first_line`` the physical line of the header's end.
    """

    delimiter: str
    width: int
    mapped: tuple[tuple[int, str, Column], ...]
    ignored: tuple[str, ...]
    preset: Preset

    @property
    def columns(self) -> tuple[Column, ...]:
        """The mapped columns in file order."""
        return tuple(column for _, _, column in self.mapped)

    def has(self, name: str) -> bool:
        """Whether the file carries a canonical column."""
        return any(column.name == name for column in self.columns)


def find_layout(text: TextIO, kind: Kind, preset: Preset, shop_given: bool) -> Layout:
    """Understand the header of a file. Raises RefusedError naming what is missing."""
    start = text.read(MAX_HEADER_CHARS)
    readings = [(delimiter, first_record(start, delimiter)) for delimiter in DELIMITERS]
    best = max(readings, key=lambda reading: len(known_columns(reading[1], kind, preset)))
    delimiter, headers = best
    if not headers:
        raise RefusedError("empty_file")
    if len(headers) > MAX_COLUMNS:
        raise RefusedError("too_many_columns", found=len(headers), limit=MAX_COLUMNS)
    known = known_columns(headers, kind, preset)
    _refuse_doubles(known)
    found = {column.name for _, _, column in known}
    needed = [name for name in kind.required_headers if not (name == SHOP_COLUMN and shop_given)]
    missing = [name for name in needed if name not in found]
    if missing:
        closest = ", ".join(_closest(headers, kind))
        code = "missing_columns" if closest else "missing_columns_no_preset"
        raise RefusedError(code, columns=", ".join(missing), presets=closest)
    taken = {position for position, _, _ in known}
    ignored = [_shown(headers, at) for at in range(len(headers)) if at not in taken]
    return Layout(delimiter, len(headers), tuple(known), tuple(ignored), preset)


def header_of(text: Iterable[str], layout: Layout) -> "Reader":
    """A csv reader standing behind the header of ``text``."""
    reader = csv.reader(text, delimiter=layout.delimiter, strict=True)
    next(record for record in reader if any(cell.strip() for cell in record))
    return reader


def first_record(start: str, delimiter: str) -> list[str]:
    """The first record that is not blank; empty when there is none that can be read."""
    try:
        for record in csv.reader(StringIO(start, newline=""), delimiter=delimiter, strict=True):
            if any(cell.strip() for cell in record):
                return record
    except csv.Error:
        return []
    return []


def plain(header: str) -> str:
    """A header as it is compared."""
    return header.strip().strip("\ufeff").casefold()


def known_columns(headers: list[str], kind: Kind, preset: Preset) -> list[tuple[int, str, Column]]:
    """(position, header, column) of the headers a kind has a column for."""
    mapping = {plain(header): name for header, name in preset.headers.items()}
    found = []
    for position, header in enumerate(headers):
        name = mapping.get(plain(header), plain(header))
        if name in kind.columns and not is_personal(header):
            found.append((position, header.strip(), kind.columns[name]))
    return found


def _refuse_doubles(known: list[tuple[int, str, Column]]) -> None:
    names = [column.name for _, _, column in known]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise RefusedError("doubled_columns", columns=", ".join(doubled))


def _closest(headers: list[str], kind: Kind) -> list[str]:
    """Presets of the kind that know any of the headers, the best first."""
    scores = {
        name: len(known_columns(headers, kind, preset))
        for name, preset in presets().items()
        if preset.fits(kind.name)
    }
    return sorted((name for name in scores if scores[name]), key=lambda name: (-scores[name], name))


def _shown(headers: list[str], position: int) -> str:
    return headers[position].strip() or f"#{position + 1}"
