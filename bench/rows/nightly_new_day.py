"""One new day in a full window, against DuckDB's sums of the whole window from the files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from bench.market import LAST_DAY
from bench.reference import duckdb_seconds
from bench.workbench import FACTS, Result, Workbench

REACH, REACH_TWICE = 1.0, 1.1


def nightly(bench: Workbench, times: int) -> float:
    """Seconds of the job for the day after a new day's facts have come in."""
    with bench.window(times) as database:
        database.load(bench.market(), *(f"new_{kind}" for kind in FACTS))
        return database.recompute((LAST_DAY + timedelta(days=1)).isoformat())


def measure(bench: Workbench) -> Iterator[Result]:
    """The nightly job, and the same with twice the orders in the window."""
    once = nightly(bench, times=1)
    market = bench.market()
    what = f"nightly for one new day, {market.orders:,} orders in the window"
    reference = duckdb_seconds(bench.state, market)
    yield Result(what, once, "DuckDB's sums from the files", reference, REACH)
    twice = nightly(bench, times=2)
    yield Result("the same day, twice the orders in the window", twice, "once", once, REACH_TWICE)
