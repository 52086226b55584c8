"""The pages of one large shop, each against its own SQL in an empty frame, from one server."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from urllib.parse import quote

from bench.large_shop import SHOP, large_shop
from bench.serving import Visitor, served, sessions
from bench.workbench import Result, Workbench

REACH = 2.0
ROUNDS, WARM_UP = 15, 3
QUALITY, ANY_QUALITY = quote("质量问题"), quote("质量")
DIAGNOSTICS = {
    "findings": "diagnostics/",
    "finding": "diagnostics/findings/1/",
    "daily by sign-for day": "diagnostics/daily/",
    "daily by paid day": "diagnostics/daily/?basis=paid",
    "daily by application": "diagnostics/daily/?basis=applied",
    "daily by application, paid, 90 days": "diagnostics/daily/?basis=applied&of=paid&days=90",
    "cuts by hour": "diagnostics/cuts/?cut=hour",
    "cuts by SKU, by application": "diagnostics/cuts/?cut=sku&basis=applied",
    "goods": "diagnostics/product/",
    "root cause of a product": "diagnostics/product/?product=p7",
    "rows of an hour": "diagnostics/rows/?by=hour&value=16",
    "rows of a SKU": "diagnostics/rows/?by=sku&value=p7-1",
    "rows of a day": "diagnostics/rows/?by=day&value={day}",
    "rows of a reason by application": f"diagnostics/rows/?basis=applied&by=reason&value={QUALITY}",
    "all rows by paid day": "diagnostics/rows/?basis=paid",
    "fixes": "diagnostics/fixes/",
    "money": "diagnostics/money/",
    "prevention": "diagnostics/prevention/",
    "win-back": "diagnostics/prevention/?show=back",
    "week": "diagnostics/week/",
}  # fmt: skip
BESIDE = {
    "workbench": "aftersales/",
    "workbench, filtered": f"aftersales/?kind=return_refund&reason={ANY_QUALITY}",
    "workbench, ended": "aftersales/?queue=ended",
    "case": "aftersales/cases/{case}/",
    "services": "aftersales/services/",
    "reviews": "reviews/",
    "reviews to invite": "reviews/?show=invite",
    "complaints": "complaints/",
    "orders to ship": "orders/",
    "parcels": "orders/parcels/",
    "delay reports": "orders/delay-reports/",
}
ASKED = """
    SELECT (SELECT max(id) FROM aftersales_aftersalecase WHERE outcome = 'open'),
           (SELECT date - 10 FROM aftersales_findingset ORDER BY date DESC LIMIT 1)"""


def measure(bench: Workbench) -> Iterator[Result]:
    """Medians of both, asked in turn."""
    database, orders = large_shop(bench)
    with database.connect() as connection:
        [(case, day)] = connection.execute(ASKED).fetchall()
    ((shop, session),) = [one for one in sessions(database, 1) if one[0] == SHOP]
    with served(database) as port:
        visitor = Visitor(port, session)
        visitor.wait()
        for name, rest in (DIAGNOSTICS | BESIDE).items():
            page = f"/s/{shop}/{rest.format(case=case, day=day)}"
            first = visitor.seconds(page)
            rounds = [
                (visitor.seconds(page), visitor.seconds(f"/base{page}"))
                for _ in range(WARM_UP + ROUNDS)
            ][WARM_UP:]
            of_base = visitor.queries
            visitor.seconds(page)
            if visitor.queries != of_base:
                raise RuntimeError(f"{page}: {visitor.queries} queries, its base {of_base}")
            whole, base = (statistics.median(column) for column in zip(*rounds, strict=True))
            note = f"{visitor.queries} queries, first look {first * 1000:.0f} ms"
            what = f"{name}, one shop of {orders:,} orders"
            yield Result(what, whole, "its SQL in an empty frame", base, REACH, note)
