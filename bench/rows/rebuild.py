"""All days of the window from scratch, against DuckDB's sums of the same window from the files."""

from __future__ import annotations

from collections.abc import Iterator

from bench.market import LAST_DAY, WINDOW_DAYS
from bench.reference import duckdb_seconds
from bench.workbench import Result, Workbench

REACH = 5.0


def measure(bench: Workbench) -> Iterator[Result]:
    """Daily rows of every shop and day, then the scores of one day."""
    market = bench.market()
    with bench.facts() as database:
        seconds = database.recompute(LAST_DAY.isoformat())
    what = f"rebuild of {WINDOW_DAYS} days, {market.orders:,} orders"
    reference = duckdb_seconds(bench.state, market)
    yield Result(what, seconds, "DuckDB's sums from the files", reference, REACH)
