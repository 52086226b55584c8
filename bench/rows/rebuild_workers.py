"""The rebuild by one, two and four workers of Celery, each with one child."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.market import LAST_DAY
from bench.workbench import RULE_SET, Database, Result, Workbench
from shopguard.launcher.places import CHECKOUT

WORKERS = (1, 2, 4)
# One worker has both cores of a small machine half the time: the database works beside it.
REACH = 1.1
PATIENCE_SECONDS = 1800
QUICK = {"SWEEP_SECONDS": "1", "NIGHTLY_CATCH_UP_DAYS": "0", "LOG_LEVEL": "WARNING"}
BEGIN = f"""
from datetime import date
from servicescore.rules import score_book
from shopguard import nightly
from stores.models import Run
nightly.run_for(day=date.fromisoformat("{LAST_DAY}"), rules=score_book().by_id("{RULE_SET}"),
                trigger=Run.Trigger.RECOMPUTE)
"""
SPENT = f"""
    SELECT extract(epoch FROM max(run.finished_at) - min(shard.started_at))::float
    FROM stores_run run JOIN stores_step step ON step.run_id = run.id
    JOIN stores_shard shard ON shard.step_id = step.id
    WHERE run.day = '{LAST_DAY}'
    HAVING bool_and(run.finished_at IS NOT NULL)"""


@contextmanager
def celery(database: Database, folder: Path, *words: str) -> Iterator[None]:
    """A program of Celery over the database, ended afterwards."""
    command = [sys.executable, "-m", "celery", "-A", "shopguard.celery", *words]
    with (folder / f"celery-{words[0]}.log").open("ab") as log:
        running = subprocess.Popen(
            command, cwd=CHECKOUT, env=os.environ | QUICK | {"DATABASE_URL": database.url},
            stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        try:
            yield
        finally:
            running.terminate()
            running.wait()


def seconds(bench: Workbench, workers: int) -> float:
    """From the first shard taken up to the end of the run."""
    with bench.facts() as database, ExitStack() as house:
        words = ("-c", "1", "--without-gossip", "--without-mingle", "-l", "warning")
        for number in range(workers):
            name = ("-n", f"bench-{number}@here")
            house.enter_context(celery(database, bench.state, "worker", *name, *words))
        memory = str(bench.state / "celery-beat")
        house.enter_context(celery(database, bench.state, "beat", "-s", memory, "--pidfile="))
        database.manage("shell", "-v0", "-c", BEGIN)
        connection = house.enter_context(database.connect())
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            if row := connection.execute(SPENT).fetchone():
                return float(row[0])
            time.sleep(0.2)
    raise RuntimeError(
        f"{workers} workers did not end the run; see {bench.state}/celery-worker.log"
    )


def measure(bench: Workbench) -> Iterator[Result]:
    """More workers than cores must not cost time; how much they save depends on the cores."""
    first = seconds(bench, WORKERS[0])
    for workers in WORKERS[1:]:
        spent = seconds(bench, workers)
        note = f"{first / spent:.2f} times as fast on {os.cpu_count()} cores"
        yield Result(f"rebuild by {workers} workers", spent, "by one", first, REACH, note)
