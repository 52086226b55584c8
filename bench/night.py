"""A night worked by workers of Celery, each with one child."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path

from bench.workbench import RULE_SET, Database
from shopguard.launcher.places import CHECKOUT

PATIENCE_SECONDS = 1800
QUICK = {"SWEEP_SECONDS": "1", "NIGHTLY_CATCH_UP_DAYS": "0", "LOG_LEVEL": "WARNING"}
BEGIN = """
from datetime import date
from servicescore.rules import score_book
from shopguard import nightly
from stores.models import Run
nightly.run_for(day=date.fromisoformat("{day}"), rules=score_book().by_id("{rules}"),
                trigger=Run.Trigger.RECOMPUTE)
"""
SPENT = """
    SELECT step.name, extract(epoch FROM
        max(step.finished_at) - min(shard.started_at))::float, run.finished_at IS NOT NULL
    FROM stores_run run JOIN stores_step step ON step.run_id = run.id
    JOIN stores_shard shard ON shard.step_id = step.id
    WHERE run.day = %s GROUP BY step.name, run.finished_at"""


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


def night_seconds(database: Database, folder: Path, *, day: date, workers: int) -> dict[str, float]:
    """Seconds of each step of the night of a day, from its first shard taken up to its end."""
    with ExitStack() as house:
        words = ("-c", "1", "--without-gossip", "--without-mingle", "-l", "warning")
        for number in range(workers):
            name = ("-n", f"bench-{number}@here")
            house.enter_context(celery(database, folder, "worker", *name, *words))
        memory = str(folder / "celery-beat")
        house.enter_context(celery(database, folder, "beat", "-s", memory, "--pidfile="))
        database.manage("shell", "-v0", "-c", BEGIN.format(day=day, rules=RULE_SET))
        connection = house.enter_context(database.connect())
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            steps = connection.execute(SPENT, [day]).fetchall()
            if steps and all(is_over for _, _, is_over in steps):
                return {name: spent for name, spent, _ in steps}
            time.sleep(0.2)
    raise RuntimeError(f"{workers} workers did not end the run; see {folder}/celery-worker.log")
