"""One new day in a full window, against DuckDB's sums of the whole window from the files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from bench.market import LAST_DAY
from bench.night import night_seconds
from bench.reference import duckdb_seconds
from bench.workbench import FACTS, Result, Workbench

REACH, REACH_TWICE = 1.0, 1.1
# DuckDB has as many threads.
WORKERS = 2
# Daily statistics; percentiles, scores and stars; the orders of the pricing windows; quotes.
STEPS = ("daily", "scores", "windows", "quotes")


def nightly(bench: Workbench, times: int) -> tuple[float, float]:
    """Seconds of those steps, and of all but the findings, once a new day's facts have come in."""
    day = LAST_DAY + timedelta(days=1)
    with bench.window(times) as database:
        database.load(bench.market(), *(f"new_{kind}" for kind in FACTS))
        steps = night_seconds(database, bench.state, day=day, workers=WORKERS)
    return sum(steps[name] for name in STEPS), sum(steps.values()) - steps["findings"]


def measure(bench: Workbench) -> Iterator[Result]:
    """Statistics, percentiles, scores and quotes, and the same with twice the orders."""
    once, whole = nightly(bench, times=1)
    market = bench.market()
    what = f"night of one new day by {WORKERS} workers, {market.orders:,} orders in the window"
    reference = duckdb_seconds(bench.state, market)
    note = f"all steps but the findings, which have a row of their own: {whole:.2f} s"
    yield Result(what, once, "DuckDB's sums from the files", reference, REACH, note)
    twice, _ = nightly(bench, times=2)
    yield Result("the same day, twice the orders in the window", twice, "once", once, REACH_TWICE)
