"""XLSX workbooks, read by a child process that has little memory and no secrets."""

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any, BinaryIO

from django.conf import settings

from stores.kinds import kind_named, kind_names
from stores.kinds._declare import SHOP_COLUMN, Kind
from stores.presets import presets
from stores.presets._declare import Preset
from stores.services.imports.layout import headers_by_column
from stores.services.imports.row_file import Block, Heading, Limits, Start, sorted_out
from stores.services.imports.source import RefusedError, Source, digest_of
from stores.services.imports.spool import Rejected

CHILD = Path(__file__).with_name("workbook_child.py")
# What the system does to a process that goes beyond its memory or its time.
HEAVY = {-signal.SIGABRT, -signal.SIGKILL, -signal.SIGXCPU, -signal.SIGSEGV}


class XlsxFile:
    """The first sheet of a workbook that has the headers looked for."""

    encoding = "XLSX"

    def __init__(self, source: Source) -> None:
        limit: int = settings.IMPORT_XLSX_MAX_BYTES
        if source.size > limit:
            raise RefusedError("workbook_too_large", limit=limit >> 20)
        self.source = source
        self.content_hash = digest_of(source, limit)
        self._child: Child | None = None
        self._header: dict[str, Any] = {}

    def headings(self, kind: Kind, preset: Preset) -> list[Heading]:
        """The one header of the sheet that fits best."""
        by_column = headers_by_column(kind, preset)
        needed = [by_column[name] for name in kind.required_headers if name != SHOP_COLUMN]
        return [
            Heading(
                self._opened({header for group in by_column.values() for header in group}, needed)
            )
        ]

    def start(self, count: int) -> Start:
        """Header and first rows of the sheet with most headers anybody knows."""
        known: set[str] = set()
        for name in kind_names():
            for preset in presets().values():
                if preset.fits(name):
                    known.update(*headers_by_column(kind_named(name), preset).values())
        headers = self._opened(known, [])
        rows = next(self._answers()).get("rows", [])
        self.close()
        return Start([header.strip() for header in headers], rows[:count])

    def _opened(self, known: Collection[str], needed: list[list[str]]) -> list[str]:
        self.close()
        self._child = Child(self.source, sorted(known), needed)
        self._header = next(self._answers())
        headers: list[str] = self._header["headers"]
        return headers

    def _answers(self) -> Iterator[dict[str, Any]]:
        if self._child is None:
            raise ValueError("the header has not been read")
        return self._child.answers()

    def blocks(self, heading: Heading, limits: Limits) -> Iterator[Block]:
        """Every row below the header. Raises RefusedError where the child broke off."""
        last = max(1, self._header["last"])
        for answer in self._answers():
            lines, rows = answer["lines"], answer["rows"]
            # No other character than this one can be wrong: XML holds no NUL.
            suspicious = any("\ufffd" in cell for row in rows for cell in row)
            block = sorted_out(rows, lines, len(heading.headers), suspicious=suspicious)
            params = {"limit": limits.cell_chars}
            block.rejected += [Rejected(line, "cell_too_long", params) for line in answer["long"]]
            block.done = self.source.size * (lines[-1] if lines else last) // last
            yield block

    def close(self) -> None:
        """End the child, whatever it is doing."""
        if self._child is not None:
            self._child.end()
            self._child = None


def orders_for_child(known: list[str], needed: list[list[str]]) -> dict[str, Any]:
    """What the child is told; see there."""
    return {
        "memory": settings.IMPORT_XLSX_MEMORY_BYTES,
        "seconds": settings.IMPORT_XLSX_SECONDS,
        "max_inflated": settings.IMPORT_XLSX_MAX_INFLATED_BYTES,
        "max_rows": settings.IMPORT_XLSX_MAX_ROWS,
        "cell_chars": settings.IMPORT_MAX_CELL_CHARS,
        "known": known,
        "needed": needed,
    }


class Child:
    """A process that reads a workbook; its answers one by one."""

    def __init__(self, source: Source, known: list[str], needed: list[list[str]]) -> None:
        orders = orders_for_child(known, needed)
        self._file = source.open()
        direct = _has_number(self._file)
        # No environment: the child gets neither addresses nor keys.
        self._process = subprocess.Popen(  # nosec B603
            [sys.executable, "-I", str(CHILD), json.dumps(orders)],
            stdin=self._file if direct else subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
        )
        if not direct:
            Thread(target=self._feed, daemon=True).start()

    def _feed(self) -> None:
        pipe = self._process.stdin
        with suppress(OSError, ValueError):
            if pipe is not None:
                shutil.copyfileobj(self._file, pipe)
                pipe.close()

    def answers(self) -> Iterator[dict[str, Any]]:
        """Until the end. Raises RefusedError when the child refuses or is cut off."""
        for line in self._process.stdout or ():
            try:
                answer = json.loads(line)
            except ValueError:
                break
            if "refused" in answer:
                raise RefusedError(answer["refused"], **answer["params"])
            if "end" in answer:
                return
            yield answer
        heavy = self._process.wait() in HEAVY
        raise RefusedError("workbook_too_heavy" if heavy else "broken_workbook")

    def end(self) -> None:
        """Kill and collect it."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdout, self._process.stdin, self._file):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()


def _has_number(file: BinaryIO) -> bool:
    """Whether the system knows the file, so that another process can read it."""
    try:
        file.fileno()
    except (OSError, AttributeError):
        return False
    return True
