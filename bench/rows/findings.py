"""Findings: planted causes that are missed, clean shops that get one, and the pace of the step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import numpy as np
import pandas as pd

from aftersales.calc.lines import TEXTS, lines_by_shop
from aftersales.calc.search import Search, search
from aftersales.findings import cuts
from aftersales.rules import finding_rules_on
from bench.returns import Planted, clean_shop, planted_shop
from bench.workbench import Result, Workbench, clock

PLANTED, CLEAN, TIMED = 200, 2_000, 60
MISSED, FALSE, REACH = 0.10, 0.05, 3.0
RULES = finding_rules_on(date(2026, 11, 1))


def searched(shop: Planted) -> Search:
    """What the step finds in a shop."""
    [(_, lines)] = lines_by_shop(shop.lines)
    return search(lines, RULES, cuts())


def group_bys(frame: pd.DataFrame) -> None:
    """Lines, returns and quality cases of every cut and pair by pandas, nothing tested."""
    hours = (frame["placed"] + 8 * 3_600) % 86_400 // 3_600
    plain = frame.assign(
        returned=frame["applied"] >= 0,
        hour=hours,
        hour_from=hours,
        weekday=frame["placed"] // 86_400 % 7,
        price_band=frame["paid"] // 10_000,
        reply_bucket=np.digitize(frame["reply"], [0, 60, 180, 600]),
    )
    counted = plain[["returned", "is_quality"]]
    for names in [[name] for name in RULES.cuts] + [list(pair) for pair in RULES.pairs()]:
        keys = [plain[name] for name in names]
        counted.groupby(keys, observed=True).agg(["size", "sum"])


def count(make: Callable[..., Planted], shops: int, seed: int) -> tuple[int, int]:
    """Of how many shops the planted cut was found, and how many have any finding."""
    right = some = 0
    for number in range(shops):
        shop = make(np.random.default_rng(seed + number))
        found = searched(shop).findings
        right += any(one.cut == shop.cut for one in found)
        some += bool(found)
    return right, some


def measure(bench: Workbench) -> Iterator[Result]:
    """The two shares, whatever the scale; then the pace."""
    right, _ = count(planted_shop, PLANTED, seed=10_000)
    missed = f"{PLANTED - right} of {PLANTED} shops, cause not found at its level"
    yield Result("planted causes missed", PLANTED - right, "all", PLANTED, MISSED, missed, "shops")
    _, some = count(clean_shop, CLEAN, seed=50_000)
    false = f"{some} of {CLEAN} shops with nothing to find"
    yield Result("clean shops with a finding", some, "all", CLEAN, FALSE, false, "shops")
    shops = [clean_shop(np.random.default_rng(90_000 + n), n) for n in range(TIMED)]
    whole = pd.concat([shop.lines.astype(dict.fromkeys(TEXTS, str)) for shop in shops])
    whole = whole.astype(dict.fromkeys(TEXTS, "category"))

    def step() -> None:
        for _, lines in lines_by_shop(whole):
            search(lines, RULES, cuts())

    ours = clock(step)
    theirs = clock(lambda: [group_bys(shop.lines) for shop in shops])
    pace = f"{TIMED / ours:.0f} shops/s, {len(whole) / TIMED:,.0f} lines a shop"
    yield Result("findings step", ours, "pandas group-bys alone", theirs, REACH, pace)
