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
    bench.empty()
    bench.load("shops")
    path = str(bench.market.path("orders"))
    first = bench.manage("import_data", "orders", path)
    with bench.connect() as connection:
        copied = sum(copy_again(connection, table) for table in TABLES)
    what = f"import of {bench.market.orders:,} orders"
    memory = f"peak {first.peak:.0f} MiB (reach {MEMORY_MIB})"
    yield Result(what, first.seconds, "COPY of the parsed rows", copied, REACH, memory)
    again = bench.manage("import_data", "orders", path)
    reference = "the first"
    yield Result("the same again", again.seconds, reference, first.seconds, REACH_AGAIN)
