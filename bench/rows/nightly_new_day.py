"""One new day in a full window, against pandas' own aggregate of that window from the files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import pandas as pd

from bench.market import LAST_DAY, Market
from bench.workbench import Result, Workbench, clock

REACH = 1.0
RULE_SET = "service-score-2022"
FACTS = ("orders", "reviews", "aftersales")


def aggregate(market: Market) -> pd.DataFrame:
    """Weighted sums of the facts of each shop over the window, as little as can be done."""
    times = ["paid_at", "shipped_at", "signed_at"]
    columns = ["shop_id", "order_id", *times]
    orders = pd.read_csv(market.path("orders"), usecols=columns, parse_dates=times)
    orders["weight"] = 0.99 ** (pd.Timestamp(LAST_DAY) - orders["signed_at"]).dt.days
    orders["hours"] = (orders["signed_at"] - orders["paid_at"]).dt.total_seconds() / 3600
    orders["late"] = (orders["shipped_at"] - orders["paid_at"]) > np.timedelta64(48, "h")
    signed = orders.set_index("order_id")[["weight"]]
    reviews = pd.read_csv(market.path("reviews"), usecols=["shop_id", "order_id", "rating"])
    reviews = reviews.join(signed, on="order_id")
    cases = pd.read_csv(market.path("aftersales"), usecols=["shop_id", "order_id", "reason"])
    cases = cases.join(signed, on="order_id")
    sums = {
        "signed": orders.groupby("shop_id")["weight"].sum(),
        "hours": (orders["hours"] * orders["weight"]).groupby(orders["shop_id"]).sum(),
        "late": (orders["late"] * orders["weight"]).groupby(orders["shop_id"]).sum(),
        "rating": (reviews["rating"] * reviews["weight"]).groupby(reviews["shop_id"]).sum(),
        "cases": cases.groupby(["shop_id", "reason"])["weight"].sum().unstack(),
    }
    return pd.concat(sums, axis=1).rank(pct=True)


def measure(bench: Workbench) -> Iterator[Result]:
    """The first run fills the window; the measured one sees one new day only."""
    bench.empty()
    bench.load("shops", *FACTS)
    day = (LAST_DAY - timedelta(days=1)).isoformat()
    scratch = bench.manage("recompute", "--date", day, "--rule-set", RULE_SET, "--quiet")
    bench.load(*(f"new_{kind}" for kind in FACTS))
    told = ["--date", LAST_DAY.isoformat(), "--rule-set", RULE_SET, "--quiet"]
    nightly = bench.manage("recompute", *told)
    reference = clock(lambda: aggregate(bench.market))
    what = f"nightly for one new day, {bench.market.orders:,} orders in the window"
    name = "pandas' aggregate from the files"
    yield Result(what, nightly.seconds, name, reference, REACH)
    yield Result("all days from scratch", scratch.seconds, name, reference, 5.0)
