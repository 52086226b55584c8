"""The rebuild by one, two and four workers of Celery."""

from __future__ import annotations

import os
from collections.abc import Iterator

from bench.market import LAST_DAY
from bench.night import night_seconds
from bench.workbench import Result, Workbench

WORKERS = (1, 2, 4)
# One worker has both cores of a small machine half the time: the database works beside it.
REACH = 1.1


def seconds(bench: Workbench, workers: int) -> float:
    """All steps of the run."""
    with bench.facts() as database:
        return sum(night_seconds(database, bench.state, day=LAST_DAY, workers=workers).values())


def measure(bench: Workbench) -> Iterator[Result]:
    """More workers than cores must not cost time; how much they save depends on the cores."""
    first = seconds(bench, WORKERS[0])
    for workers in WORKERS[1:]:
        spent = seconds(bench, workers)
        note = f"{first / spent:.2f} times as fast on {os.cpu_count()} cores"
        yield Result(f"rebuild by {workers} workers", spent, "by one", first, REACH, note)
