"""The score page of a shop, against its own SQL in an empty frame, both from one server."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from bench.market import LAST_DAY
from bench.serving import Visitor, served, sessions
from bench.workbench import RULE_SET, Result, Workbench

REACH = 2.0
SCORED_DAYS = 60
ROUNDS, WARM_UP = 60, 5


def measure(bench: Workbench) -> Iterator[Result]:
    """Medians of both, asked in turn."""
    with bench.window() as database:
        told = ["--date", LAST_DAY.isoformat(), "--days", str(SCORED_DAYS), "--quiet"]
        database.manage("recompute", *told, "--rule-set", RULE_SET)
        ((shop, session),) = sessions(database, 1)
        page = f"/s/{shop}/score/"
        with served(database) as port:
            visitor = Visitor(port, session)
            visitor.wait()
            rounds = [
                (visitor.seconds(page), visitor.seconds(f"/base{page}"))
                for _ in range(WARM_UP + ROUNDS)
            ][WARM_UP:]
    whole, base = (statistics.median(column) for column in zip(*rounds, strict=True))
    what = f"score page, {bench.market().orders:,} orders in the database"
    yield Result(what, whole, "its SQL in an empty frame", base, REACH)
