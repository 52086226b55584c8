"""Which column of a file is which: header, what is ignored, what is missing."""

import unicodedata
from dataclasses import dataclass

from stores.kinds._declare import SHOP_COLUMN, Column, Kind
from stores.presets import presets
from stores.presets._declare import Preset, is_personal
from stores.services.imports.row_file import Heading, RowFile
from stores.services.imports.source import RefusedError

MAX_COLUMNS = 1000

Known = list[tuple[int, str, Column]]


@dataclass(frozen=True)
class Layout:
    """How the rows of a file are read.

    ``mapped`` are (position, header in the file, column); ``width`` is the number of cells a row
    must have. A position may fill two columns. ``conditions`` are (column, position of another
    cell, the values of that cell under which the column is read).
    """

    delimiter: str
    width: int
    mapped: tuple[tuple[int, str, Column], ...]
    ignored: tuple[str, ...]
    preset: Preset
    conditions: tuple[tuple[str, int, frozenset[str]], ...] = ()

    @property
    def columns(self) -> tuple[Column, ...]:
        """The mapped columns in file order."""
        return tuple(column for _, _, column in self.mapped)

    @property
    def returned(self) -> list[int]:
        """Which of the mapped columns come back with a rejected row: none that names a person.

        A cell that fills two columns comes back once.
        """
        places = [position for position, _, _ in self.mapped]
        return [
            at
            for at, column in enumerate(self.columns)
            if not column.personal and places.index(places[at]) == at
        ]

    def has(self, name: str) -> bool:
        """Whether the file carries a canonical column."""
        return any(column.name == name for column in self.columns)


def find_layout(file: RowFile, kind: Kind, preset: Preset, shop_given: bool) -> Layout:
    """Understand the header of a file. Raises RefusedError naming what is missing."""
    headings = file.headings(kind, preset)
    heading = max(headings, key=lambda one: len(known_columns(one.headers, kind, preset)))
    headers = heading.headers
    if not headers:
        raise RefusedError("empty_file")
    if len(headers) > MAX_COLUMNS:
        raise RefusedError("too_many_columns", found=len(headers), limit=MAX_COLUMNS)
    known = known_columns(headers, kind, preset)
    _refuse_doubles(known)
    _refuse_missing(known, heading, kind, shop_given)
    taken = {position for position, _, _ in known}
    conditions = _conditions(headers, preset)
    taken |= {position for _, position, _ in conditions}
    ignored = [_shown(headers, at) for at in range(len(headers)) if at not in taken]
    return Layout(heading.delimiter, len(headers), tuple(known), tuple(ignored), preset, conditions)


def plain(header: str) -> str:
    """A header as it is compared: full-width letters, capitals and outer blanks do not matter."""
    return unicodedata.normalize("NFKC", header).strip().strip("\ufeff").casefold()


def known_columns(headers: list[str], kind: Kind, preset: Preset) -> Known:
    """The columns of a header the kind and preset know: position, header, column.

    Where a preset knows several headers for a column, the one it names first is taken.
    """
    mapping = {
        plain(header): (rank, _names(to))
        for rank, (header, to) in enumerate(preset.headers.items())
    }
    found: list[tuple[int, int, str, Column]] = []
    for position, header in enumerate(headers):
        if is_personal(header):
            continue
        rank, names = mapping.get(plain(header), (-1, (plain(header),)))
        found += [
            (rank, position, header.strip(), kind.columns[name])
            for name in names
            if name in kind.columns
        ]
    best = {column.name: rank for rank, _, _, column in sorted(found, key=lambda one: -one[0])}
    return [
        (position, header, column)
        for rank, position, header, column in found
        if rank in (-1, best[column.name])
    ]


def headers_by_column(kind: Kind, preset: Preset) -> dict[str, list[str]]:
    """The headers, in plain form, under which a file may carry each column."""
    found = {name: [plain(name)] for name in kind.columns}
    for header, to in preset.headers.items():
        for name in _names(to):
            if name in found:
                found[name].append(plain(header))
    return found


def _names(to: str | tuple[str, ...]) -> tuple[str, ...]:
    return (to,) if isinstance(to, str) else to


def _conditions(headers: list[str], preset: Preset) -> tuple[tuple[str, int, frozenset[str]], ...]:
    """Where a file lacks the other header, no cell is read: nothing says that it holds."""
    places = {plain(header): at for at, header in enumerate(headers)}
    return tuple(
        (column, places.get(plain(header), -1), values)
        for column, (header, values) in preset.only_where.items()
    )


def _refuse_doubles(known: Known) -> None:
    names = [column.name for _, _, column in known]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise RefusedError("doubled_columns", columns=", ".join(doubled))


def _refuse_missing(known: Known, heading: Heading, kind: Kind, shop_given: bool) -> None:
    found = {column.name for _, _, column in known}
    needed = [name for name in kind.required_headers if not (name == SHOP_COLUMN and shop_given)]
    missing = [name for name in needed if name not in found]
    if missing:
        closest = ", ".join(_closest(heading.headers, kind))
        code = "missing_columns" if closest else "missing_columns_no_preset"
        raise RefusedError(code, columns=", ".join(missing), presets=closest)


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
