"""What a row measures with: databases, data, commands and a clock."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from bench.market import LAST_DAY, Market, write_market
from bench.memory import Watch
from shopguard.launcher.places import CHECKOUT

FOREIGN_KEYS = """SELECT pg_get_constraintdef(oid) FROM pg_constraint
                  WHERE contype = 'f' AND conrelid = %s::regclass"""
RULE_SET = "service-score-2022"
KINDS = ("shops", "orders", "reviews", "aftersales", "consultations", "complaints")
FACTS = KINDS[1:]
SHAPES_THE_DATA = (
    "*/migrations/*.py", "*/models/*.py", "*/kinds/*.py", "*/calc/*.py", "*/metrics/*.py",
    "*/rules/**/*.toml", "*/selectors/daily.py", "*/services/imports/*.py", "bench/market.py",
    "bench/large_shop.py",
)  # fmt: skip


@dataclass(frozen=True)
class Result:
    """One line of the table: the thing and its reference in seconds, and the ratio to reach.

    Where ``unit`` says something else they are measured in that.
    """

    what: str
    seconds: float
    reference: str
    reference_seconds: float
    reach: float
    note: str = ""
    unit: str = "s"

    @property
    def ratio(self) -> float:
        return self.seconds / self.reference_seconds


@dataclass(frozen=True)
class Spent:
    """Wall-clock seconds, the peak of resident memory in MiB, and what a command said."""

    seconds: float
    peak: float
    said: str


def run(*words: str, python: str = sys.executable, **variables: str) -> Spent:
    """Runs Python with these words; a RuntimeError carries what it said when it fails."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [python, *words],
        cwd=CHECKOUT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "shopguard.settings"} | variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    watch = Watch(process.pid)
    said, _ = process.communicate()
    if process.returncode:
        raise RuntimeError(f"{' '.join(words)} failed:\n{said}")
    return Spent(time.perf_counter() - started, watch.ended(), said)


@dataclass(frozen=True)
class Database:
    """One database of the bench's own server."""

    name: str

    @property
    def url(self) -> str:
        """Address for the settings."""
        return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{self.name}").geturl()

    def connect(self) -> psycopg.Connection:
        """A connection of its own; every statement is its own transaction."""
        return psycopg.connect(self.url, autocommit=True)

    def manage(self, *words: str) -> Spent:
        """Runs a management command, Python's start included."""
        return run(str(CHECKOUT / "manage.py"), *words, DATABASE_URL=self.url)

    def timed(self, *words: str) -> float:
        """Seconds of a management command alone, as in a process that is up already."""
        said = run("-m", "bench.timed", *words, DATABASE_URL=self.url).said
        return float(json.loads(said.splitlines()[-1])["seconds"])

    def load(self, market: Market, *kinds: str) -> None:
        """Imports files of a market."""
        for kind in kinds:
            self.manage("import_data", kind.removeprefix("new_"), str(market.path(kind)), "-v0")

    def recompute(self, day: str) -> float:
        """Seconds of the nightly job for a day, without the findings, which have their own row."""
        seconds = self.timed("recompute", "--date", day, "--rule-set", RULE_SET, "--quiet")
        return seconds - self.step_seconds("findings")

    def step_seconds(self, name: str) -> float:
        """Seconds of a step of the newest run."""
        asked = """SELECT extract(epoch FROM finished_at - started_at) FROM stores_step
                   WHERE name = %s ORDER BY run_id DESC LIMIT 1"""
        with self.connect() as connection:
            row = connection.execute(asked, [name]).fetchone()
        return float(row[0]) if row else 0.0


class Workbench:
    """`scale` 1 is ten million orders of two thousand shops."""

    def __init__(self, state: Path, scale: float) -> None:
        self.state = state
        self.scale = scale
        self.server = Database("postgres")

    def market(self, times: int = 1) -> Market:
        """Canonical files of the window with `times` as many orders, written once and kept."""
        folder = self.state / f"market-{self.scale:g}x{times}-{fingerprint('bench/market.py')}"
        return write_market(folder, self.scale, times)

    @contextmanager
    def tables(self) -> Iterator[Database]:
        """A database with the tables and no row in them, gone afterwards."""
        with self.copy_of(self.kept("tables", self.migrate)) as database:
            yield database

    @contextmanager
    def facts(self, times: int = 1) -> Iterator[Database]:
        """A database with the market's facts, nothing computed yet, gone afterwards."""
        with self.copy_of(self._facts(times)) as database:
            yield database

    @contextmanager
    def window(self, times: int = 1) -> Iterator[Database]:
        """The facts of all but the newest day, computed up to the day before, gone afterwards."""
        with self.copy_of(self._window(times)) as database:
            yield database

    def _facts(self, times: int) -> Database:
        def make(database: Database) -> None:
            self.migrate(database)
            database.load(self.market(times), *KINDS)

        return self.kept(f"facts_{times}", make)

    def _window(self, times: int) -> Database:
        name = self._name(f"window_{times}")
        if not self._exists(name):
            with self.copy_of(self._facts(times)) as database:
                database.recompute((LAST_DAY - timedelta(days=1)).isoformat())
                self.server_does(f'ALTER DATABASE "{database.name}" RENAME TO "{name}"')
        return Database(name)

    def migrate(self, database: Database) -> None:
        """Makes the tables."""
        database.manage("migrate", "-v0", "--noinput")

    def _name(self, what: str) -> str:
        return f"bench_{what}_{self.scale:g}_{fingerprint(*SHAPES_THE_DATA)}"

    def _exists(self, name: str) -> bool:
        with self.server.connect() as connection:
            asked = "SELECT 1 FROM pg_database WHERE datname = %s"
            return connection.execute(asked, [name]).fetchone() is not None

    def kept(self, what: str, make: Callable[[Database], None]) -> Database:
        """A database made once and kept for the next run, until the code that shapes it changes."""
        name = self._name(what)
        if not self._exists(name):
            growing = Database("bench_growing")
            self.server_does(f'DROP DATABASE IF EXISTS "{growing.name}" WITH (FORCE)')
            self.server_does(f'CREATE DATABASE "{growing.name}"')
            make(growing)
            self.server_does(f'ALTER DATABASE "{growing.name}" RENAME TO "{name}"')
        return Database(name)

    @contextmanager
    def copy_of(self, original: Database) -> Iterator[Database]:
        """A copy to measure on; statistics of the planner are made anew, as they would be there."""
        copy = Database("bench_copy")
        self.server_does(f'DROP DATABASE IF EXISTS "{copy.name}" WITH (FORCE)')
        self.server_does(f'CREATE DATABASE "{copy.name}" TEMPLATE "{original.name}"')
        with copy.connect() as connection:
            connection.execute("VACUUM ANALYZE")
            connection.execute("CHECKPOINT")
        yield copy
        self.server_does(f'DROP DATABASE IF EXISTS "{copy.name}" WITH (FORCE)')

    def forget(self, what: str, but: Database) -> None:
        """Drops what was kept under names that begin like this, but for one."""
        asked = "SELECT datname FROM pg_database WHERE starts_with(datname, %s) AND datname <> %s"
        with self.server.connect() as connection:
            found = connection.execute(asked, [f"bench_{what}_", but.name]).fetchall()
        for (name,) in found:
            self.server_does(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def server_does(self, statement: str) -> None:
        """One statement about databases."""
        with self.server.connect() as connection:
            connection.execute(statement)  # type: ignore[arg-type]


def fingerprint(*patterns: str) -> str:
    """Changes when a file does that shapes the data."""
    files = sorted({path for pattern in patterns for path in CHECKOUT.glob(pattern)})
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


def clock(work: Callable[[], object]) -> float:
    """Seconds that `work` takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


@contextmanager
def table_like(connection: psycopg.Connection, table: str) -> Iterator[str]:
    """An empty table with the columns, constraints and indexes of `table`, foreign keys too."""
    name = f"bench_{table}"
    connection.execute(f'DROP TABLE IF EXISTS "{name}"')
    connection.execute(f'CREATE TABLE "{name}" (LIKE "{table}" INCLUDING ALL)')
    for (told,) in connection.execute(FOREIGN_KEYS, [table]).fetchall():
        connection.execute(f'ALTER TABLE "{name}" ADD {told}')
    try:
        yield name
    finally:
        connection.execute(f'DROP TABLE "{name}"')
