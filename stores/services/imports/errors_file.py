"""The rejected rows of a file, as a file that can be mended and imported again."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from shopguard.lib.scrub import scrub
from stores.calc.cells import FORMULA_STARTS, Id
from stores.kinds._declare import Kind
from stores.services.imports.layout import Layout
from stores.services.imports.problems import ERROR, reason_text
from stores.services.imports.spool import RawChunk

ERROR_COLUMN = "error"


def neutral(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


class Rejects(Protocol):
    """Takes the rows that were turned away, chunk by chunk."""

    def add(
        self, raw: RawChunk, problems: Iterable[Mapping[str, Any]], numbers: Mapping[int, int]
    ) -> None:
        """Rows of a chunk with its problems; ``numbers`` are counted lines by file line."""


class ErrorsFile:
    """Collects rejected rows: the mapped columns that name nobody, then what is wrong.

    Lines that were counted because the file does not number them keep their number, so that a
    mended row goes where it belongs. A record that was no row has no cells, only its error.
    """

    def __init__(self, path: Path, kind: Kind, layout: Layout) -> None:
        self._file = path.open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file)
        self._columns = layout.columns
        self._kept = layout.returned
        self._counted = [kind.counted] if kind.counted and not layout.has(kind.counted) else []
        headers = [layout.mapped[at][1] for at in self._kept]
        self._writer.writerow([*headers, *self._counted, ERROR_COLUMN])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self._file.close()

    def add(
        self, raw: RawChunk, problems: Iterable[Mapping[str, Any]], numbers: Mapping[int, int]
    ) -> None:
        """Write the rows a chunk's problems reject; ``numbers`` are counted lines by file line."""
        wrong: dict[int, list[str]] = {}
        for problem in problems:
            if problem["severity"] == ERROR:
                wrong.setdefault(problem["line"], []).append(_words(problem))
        if not wrong:
            return
        places = {line: at for at, line in enumerate(raw.lines) if line in wrong}
        for line in sorted(wrong):
            cells = [""] * len(self._kept)
            if line in places:
                cells = [self._shown(at, raw.cells[at][places[line]]) for at in self._kept]
            counted = [str(numbers.get(line, ""))] * len(self._counted)
            self._writer.writerow([*cells, *counted, f"{line}: {'; '.join(wrong[line])}"])

    def _shown(self, at: int, cell: str) -> str:
        """A cell as it goes out. An id stays what it is, even if it looks like a phone number."""
        is_id = isinstance(self._columns[at].cell, Id)
        return neutral(cell if is_id else scrub(cell))


def _words(problem: Mapping[str, Any]) -> str:
    reason = reason_text(problem["code"], problem["params"])
    return f"{problem['column']} {reason}" if problem["column"] else reason
