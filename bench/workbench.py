"""What a row measures with: the services, the data, the commands and a clock."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bench.market import Market, write_market
from shopguard.launcher.places import CHECKOUT


@dataclass(frozen=True)
class Result:
    """One line of the table: seconds of the thing and of its reference, and the ratio to reach."""

    what: str
    seconds: float
    reference: str
    reference_seconds: float
    reach: float
    note: str = ""

    @property
    def ratio(self) -> float:
        return self.seconds / self.reference_seconds


@dataclass(frozen=True)
class Spent:
    """Wall-clock seconds and the peak of resident memory in MiB of a command."""

    seconds: float
    peak: float
    said: str


class Workbench:
    """`scale` 1 is ten million orders of two thousand shops."""

    def __init__(self, state: Path, scale: float) -> None:
        self.state = state
        self.scale = scale
        self._market: Market | None = None

    @property
    def market(self) -> Market:
        """Canonical files, written once for each scale and kept."""
        if self._market is None:
            self._market = write_market(self.state / f"market-{self.scale:g}", self.scale)
        return self._market

    def connect(self) -> psycopg.Connection:
        """To the database of the commands."""
        return psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)

    def manage(self, *words: str) -> Spent:
        """Runs a management command; a RuntimeError carries what it said when it fails."""
        return self.run(str(CHECKOUT / "manage.py"), *words)

    def run(self, *words: str) -> Spent:
        """Runs Python with these words."""
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, *words],
            cwd=CHECKOUT,
            env=os.environ | {"DJANGO_SETTINGS_MODULE": "shopguard.settings"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert process.stdout
        said = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise RuntimeError(f"{' '.join(words)} failed:\n{said}")
        return Spent(time.perf_counter() - started, usage.ru_maxrss / 1024, said)

    def empty(self) -> None:
        """A database with the tables and no row in them."""
        self.manage("migrate", "-v0", "--noinput")
        self.manage("flush", "-v0", "--noinput")

    def load(self, *kinds: str) -> None:
        """Imports files of the market."""
        for kind in kinds:
            self.manage("import_data", kind.removeprefix("new_"), str(self.market.path(kind)))


def clock(work: Callable[[], object]) -> float:
    """Seconds that `work` takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


@contextmanager
def table_like(connection: psycopg.Connection, table: str) -> Iterator[str]:
    """An empty table with the columns, constraints and indexes of `table`."""
    name = f"bench_{table}"
    connection.execute(f'DROP TABLE IF EXISTS "{name}"')
    connection.execute(f'CREATE TABLE "{name}" (LIKE "{table}" INCLUDING ALL)')
    try:
        yield name
    finally:
        connection.execute(f'DROP TABLE "{name}"')
