"""Orders of a CSV file, validated row by row, against a COPY of the same rows."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import psycopg

from bench.workbench import Result, Workbench, clock, table_like

TABLES = ("stores_order", "stores_orderline")
REACH, REACH_AGAIN = 2.0, 0.7
MEMORY_MIB = 300


def copy_again(connection: psycopg.Connection, table: str) -> float:
    """Seconds of a COPY of all rows of a table into an empty one with the same indexes."""
    rows = BytesIO()
    with connection.cursor().copy(f'COPY "{table}" TO STDOUT (FORMAT binary)') as out:
        for block in out:
            rows.write(block)
    with table_like(connection, table) as name:

        def work() -> None:
            with connection.cursor().copy(f'COPY "{name}" FROM STDIN (FORMAT binary)') as copy:
                copy.write(rows.getvalue())

        return clock(work)


def measure(bench: Workbench) -> Iterator[Result]:
    """The first import, and the second of the same file, which changes nothing."""
    market = bench.market()
    path = str(market.path("orders"))
    with bench.tables() as database:
        database.load(market, "shops")
        first = database.manage("import_data", "orders", path)
        with database.connect() as connection:
            copied = sum(copy_again(connection, table) for table in TABLES)
        again = database.manage("import_data", "orders", path)
    what = f"import of {market.orders:,} orders"
    memory = f"peak {first.peak:.0f} MiB (reach {MEMORY_MIB})"
    yield Result(what, first.seconds, "COPY of the parsed rows", copied, REACH, memory)
    yield Result("the same again", again.seconds, "the first", first.seconds, REACH_AGAIN)
