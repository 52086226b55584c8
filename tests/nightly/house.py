"""Servers, workers and schedulers of its own, to be killed and started again."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import rmtree
from typing import Any

import psycopg

from shopguard.launcher.identity import LIBC, PR_SET_PDEATHSIG
from shopguard.launcher.places import CHECKOUT, places
from shopguard.launcher.servers import Postgres, Server, Valkey
from shopguard.lib.days import shanghai_day

# Several leases: a shard may lose more than one of them before it is done.
PATIENCE_SECONDS = 300.0
GATE = 4711
QUICK = {
    "SHARD_SHOPS": "2",
    "SHARD_LEASE_SECONDS": "60",
    "SHARD_GRACE_SECONDS": "1",
    "SWEEP_SECONDS": "1",
    "RING_AGAIN_SECONDS": "2",
    "NIGHTLY_CATCH_UP_DAYS": "2",
}
# For workers only: a command may think for longer between two statements of a transaction.
SILENCE_SECONDS = "20"
SCORES = """
    SELECT date, shop_id, revision, state, total, metrics::text FROM servicescore_scorerevision
    ORDER BY date, shop_id, revision"""
# Everything a run leaves goes; facts stay, and their touches are open again.
FORGET = """
    TRUNCATE stores_run, stores_outboxmessage, servicescore_dailyrow CASCADE;
    INSERT INTO stores_touch SELECT * FROM kept_touch;"""


def until(question: Callable[[], Any], what: str, *tellers: "Process") -> Any:
    """The first answer that is true; an AssertionError naming ``what`` when it never comes.

    The error shows the ends of the logs of ``tellers``.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if answer := question():
            return answer
        time.sleep(0.05)
    logs = "\n".join(teller.log.read_text(errors="replace")[-3000:] for teller in tellers)
    raise AssertionError(f"never happened: {what}\n{logs}")


def _die_with_the_tests() -> None:
    """A test run that is killed leaves no worker behind, where the kernel can see to it."""
    if hasattr(LIBC, "prctl"):
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Process:
    """A program in a process group of its own, with a log."""

    def __init__(self, command: list[str], environment: dict[str, str], log: Path) -> None:
        self.log = log
        with log.open("wb") as output:
            self.running = subprocess.Popen(
                command,
                cwd=CHECKOUT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_die_with_the_tests,
            )

    def says(self, word: str) -> bool:
        """Whether its log holds a word."""
        return word in self.log.read_text(errors="replace")

    def signal(self, number: signal.Signals) -> None:
        """Reaches the program and all its children."""
        os.killpg(self.running.pid, number)

    def kill(self) -> None:
        """kill -9 of the whole group; does nothing when it is gone."""
        if self.running.poll() is None:
            self.signal(signal.SIGKILL)
            self.running.wait()

    def children(self) -> list[int]:
        """Process ids of its children."""
        told = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self.running.pid)], capture_output=True, text=True
        )
        return [int(line) for line in told.stdout.split()]


class KeepingPostgres(Postgres):
    """Quick, but a commit is written out before it is told: a kill -9 loses none, as in production.

    Without it the last third of a second is lost, and with it what a scenario has just arranged.
    """

    def command(self) -> list[str]:
        return [*super().command(), "-c", "synchronous_commit=on"]


class House:
    """A PostgreSQL with a small market, a broker without memory, and processes between them."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="sg-nights-", dir="/tmp"))
        self.folder.chmod(0o755)
        here = places(self.folder)
        self.postgres = KeepingPostgres(here, fast=True)
        self.valkey = Valkey(here, fast=True)
        self.processes: list[Process] = []
        # Its night is over whatever the clock says; today's begins at half past midnight.
        self.day = shanghai_day(datetime.now(UTC)) - timedelta(days=1)

    def open(self) -> None:
        """Start the servers and lay the market."""
        for server in (self.postgres, self.valkey):
            server.start()
        self.command("-m", "tests.nightly.lay_market", str(self.day))

    def close(self) -> None:
        """End everything and leave nothing."""
        for process in self.processes:
            process.kill()
        for server in (self.valkey, self.postgres):
            server.stop()
        rmtree(self.folder, ignore_errors=True)

    def environment(self, **changed: str) -> dict[str, str]:
        """What its processes are started with."""
        own = {
            "DATABASE_URL": self.postgres.url,
            "REDIS_URL": self.valkey.url,
            "SHOPGUARD_STATE": str(self.folder),
        }
        return dict(os.environ) | QUICK | own | changed

    def command(self, *words: str) -> str:
        """What a Python program said; an AssertionError when it failed."""
        done = subprocess.run(
            [sys.executable, *words],
            cwd=CHECKOUT,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    def start(self, *words: str, **changed: str) -> Process:
        """A program of Celery."""
        log = self.folder / "logs" / f"{words[0]}-{len(self.processes)}.log"
        command = [sys.executable, "-m", "celery", "-A", "shopguard.celery", *words]
        limits = {"IDLE_IN_TRANSACTION_SECONDS": SILENCE_SECONDS} | changed
        process = Process(command, self.environment(**limits), log)
        self.processes.append(process)
        return process

    def worker(self, **changed: str) -> Process:
        """A worker with two children that takes work."""
        number = len(self.processes)
        words = ("-c", "2", "-n", f"w{number}@house", "-l", "info", *ALONE)
        worker = self.start("worker", *words, **changed)
        until(lambda: worker.says("ready."), "the worker is ready", worker)
        return worker

    def beat(self) -> Process:
        """A scheduler with a memory of its own."""
        memory = self.folder / f"beat-{len(self.processes)}"
        return self.start("beat", "-s", str(memory), "--pidfile=", "-l", "info")

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        """Run statements in a connection of their own; returns the rows of a query."""
        with psycopg.connect(self.postgres.url, autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def one(self, query: str) -> Any:
        """The only value of a query."""
        return self.sql(query)[0][0]

    def kill_server(self, server: Server) -> None:
        """kill -9."""
        assert server.process
        server.process.kill()
        server.process.wait()

    def shut_gate(self) -> psycopg.Connection[Any]:
        """From now on daily shards wait at their first write, until the connection is closed."""
        connection = psycopg.connect(self.postgres.url, autocommit=True)
        connection.execute(f"SELECT pg_advisory_lock({GATE})")
        return connection

    def forget_runs(self) -> None:
        """As if no run had ever been, and no night was due."""
        self.sql("UPDATE stores_shop SET created_at = now()")
        until(lambda: not self.one(RUNNING), "earlier runs ended")
        self.sql(FORGET)

    def let_nights_come(self) -> None:
        """The shops turn out to have been here for days: a sweeper finds the missed nights."""
        self.sql("UPDATE stores_shop SET created_at = now() - interval '9 days'")

    def is_over(self) -> bool:
        """Whether the night has a run and nothing runs any more."""
        return bool(self.one(FINISHED.format(day=self.day))) and not self.one(RUNNING)

    def wait_for_end(self) -> None:
        """Returns when the night is over; an AssertionError that tells where it stands instead."""
        try:
            until(self.is_over, "the night ended")
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.story()}") from None

    def story(self) -> str:
        """Runs, shards, waiting sessions and the ends of all logs, for whoever asks why."""
        ledger = [f"{query}\n{self.sql(query)}" for query in STORY]
        logs = [
            f"{process.log.name} ({process.running.poll()})\n"
            + process.log.read_text(errors="replace")[-3000:]
            for process in self.processes
        ]
        return "\n".join(ledger + logs)

    def night_scores(self) -> list[tuple[Any, ...]]:
        """Every revision of the night, to the last digit."""
        return [row for row in self.sql(SCORES) if row[0] == self.day]


# One worker asks no other: it is ready sooner.
ALONE = ("--without-gossip", "--without-mingle")
RUNNING = "SELECT count(*) FROM stores_run WHERE finished_at IS NULL"
FINISHED = "SELECT count(*) FROM stores_run WHERE day = '{day}' AND finished_at IS NOT NULL"
STORY = (
    "SELECT id, day, trigger, state, created_at, finished_at FROM stores_run",
    "SELECT * FROM stores_step WHERE state NOT IN ('done')",
    "SELECT * FROM stores_shard WHERE state NOT IN ('done')",
    "SELECT pid, state, wait_event, pg_blocking_pids(pid), now() - xact_start, left(query, 120)"
    " FROM pg_stat_activity WHERE datname = current_database()",
    "SELECT min(created_at), max(created_at), now() FROM stores_shop",
)
