"""A workbook of 200,000 order lines, imported, against calamine's bare read of the same file."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import xlsxwriter

from bench.workbench import Result, Workbench, run

ROWS = 200_000
REACH = 4.0
BARE = """
import json, sys, time
from python_calamine import load_workbook
begun = time.perf_counter()
for row in load_workbook(sys.argv[1]).get_sheet_by_index(0).iter_rows(): pass
print(json.dumps(time.perf_counter() - begun))
"""


def as_workbook(source: Path) -> Path:
    """The beginning of a CSV file as a workbook, written once and kept."""
    path = source.with_suffix(".xlsx")
    if not path.exists():
        growing = path.with_suffix(".growing")
        with source.open(encoding="utf-8", newline="") as lines:
            book = xlsxwriter.Workbook(str(growing), {"constant_memory": True})
            sheet = book.add_worksheet()
            for at, row in enumerate(islice(csv.reader(lines), ROWS + 1)):
                sheet.write_row(at, 0, row)
            book.close()
        growing.rename(path)
    return path


def measure(bench: Workbench) -> Iterator[Result]:
    """Import with the child process, Python's start included, against the read alone."""
    market = bench.market()
    path = str(as_workbook(market.path("orders")))
    with bench.tables() as database:
        database.load(market, "shops")
        spent = database.manage("import_data", "orders", path)
    bare = float(json.loads(run("-c", BARE, path).said))
    what = f"import of a workbook of {min(ROWS, market.orders):,} rows"
    note = f"peak of the command without its child {spent.peak:.0f} MiB"
    yield Result(what, spent.seconds, "calamine's bare read", bare, REACH, note)
