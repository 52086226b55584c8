"""The rows of a file that waits to be checked or imported, kept in the database.

What is kept has been filtered while the file was read: mapped cells only, buyers hashed, free text
scrubbed. Chunks are read back one by one, so memory stays flat.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from shopguard.lib.scrub import scrub
from stores.calc.cells import Id
from stores.kinds import kind_named
from stores.models import ImportPiece, ImportRejects, ImportUpload
from stores.presets import presets
from stores.services.imports.layout import Layout
from stores.services.imports.problems import ERROR
from stores.services.imports.spool import RawChunk, Rejected, Rows


def layout_kept(layout: Layout, headers: list[str]) -> dict[str, Any]:
    """A layout as it is stored with its upload; ``headers`` are all of the file."""
    return {
        "delimiter": layout.delimiter,
        "width": layout.width,
        "headers": headers,
        "mapped": [[at, header, column.name] for at, header, column in layout.mapped],
        "ignored": list(layout.ignored),
    }


def layout_of(upload: ImportUpload) -> Layout:
    """The layout a file was read with. Raises KeyError for a kind that is gone."""
    stored, kind = upload.layout, kind_named(upload.kind)
    mapped = tuple((at, header, kind.columns[name]) for at, header, name in stored["mapped"])
    return Layout(
        delimiter=stored["delimiter"],
        width=stored["width"],
        mapped=mapped,
        ignored=tuple(stored["ignored"]),
        preset=presets()[upload.preset],
    )


def rows_keep(upload: ImportUpload, rows: Rows) -> None:
    """Keep every chunk, in the caller's transaction."""
    for number in range(len(rows)):
        raw = rows.chunk(number)
        wrong = [[item.line, item.code, item.params] for item in raw.rejected]
        text = json.dumps([raw.lines, raw.cells, wrong], ensure_ascii=True, separators=(",", ":"))
        ImportPiece.objects.create(upload=upload, number=number, rows=text)


class KeptRows:
    """The kept rows of an upload, as the engine reads them."""

    def __init__(self, upload: ImportUpload) -> None:
        self._upload = upload
        self._count = upload.pieces.count()
        self.records = upload.total

    def __len__(self) -> int:
        return self._count

    def chunk(self, number: int) -> RawChunk:
        """One chunk. Raises ImportPiece.DoesNotExist once the file has been dropped."""
        lines, cells, wrong = json.loads(self._upload.pieces.get(number=number).rows)
        return RawChunk(number, lines, cells, [Rejected(*item) for item in wrong])


class KeptRejects:
    """Keeps the rows that are turned away, with the mapped cells that name nobody."""

    def __init__(self, upload: ImportUpload, layout: Layout) -> None:
        self._upload = upload
        self._columns = layout.columns
        self._kept = layout.returned

    def add(
        self, raw: RawChunk, problems: Iterable[Mapping[str, Any]], numbers: Mapping[int, int]
    ) -> None:
        """Keep the rows the problems of a chunk reject."""
        wrong: dict[int, list[Mapping[str, Any]]] = {}
        for problem in problems:
            if problem["severity"] == ERROR:
                wrong.setdefault(problem["line"], []).append(problem)
        if not wrong:
            return
        places = {line: at for at, line in enumerate(raw.lines) if line in wrong}
        rows = [
            {
                "line": line,
                "cells": self._cells(raw, places.get(line)),
                "number": numbers.get(line),
                "problems": wrong[line],
            }
            for line in sorted(wrong)
        ]
        ImportRejects.objects.update_or_create(
            upload=self._upload, number=raw.number, defaults={"rows": {"rows": rows}}
        )

    def _cells(self, raw: RawChunk, at: int | None) -> list[str]:
        """The cells of a row; empty for a record that was no row, which may hold anything."""
        if at is None:
            return [""] * len(self._kept)
        return [self._shown(column, raw.cells[column][at]) for column in self._kept]

    def _shown(self, column: int, cell: str) -> str:
        """An id stays what it is, even if it looks like a phone number."""
        shown = cell if isinstance(self._columns[column].cell, Id) else scrub(cell)
        return shown.replace("\x00", "")
