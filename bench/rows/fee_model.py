"""How well the R of `fee-empirical` foretells the returns of a week, on made-up portfolios.

No time is measured: ratios are log losses against two plain rivals, and how far calibration is from
one; the note tells payouts by fees. Shops of 20 to 500 orders count.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from bench.workbench import Result, Workbench
from freightins.calc.check import Estimate, scored
from freightins.calc.fee_rules import FeeRules
from freightins.calc.portfolio import portfolios
from freightins.calc.quotes import (
    ClaimCounts,
    Conduct,
    WindowCounts,
    blended_rate,
    quote_of,
)
from freightins.rules import compiled_fee_rules, cover_rules_on

PORTFOLIOS, SHOPS_EACH = 40, 40
LEAST, MOST = 20, 500
SMALLEST, LARGEST = 5, 3000
LIKELY_K = (15, 400)
WEEK, WINDOW = 7, 45
FAR_OFF = 0.05
SEED = 20230323


def drawn(random: np.random.Generator) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """(returns, orders) of the shops of a category in its window, and of the week foretold."""
    mean = random.uniform(0.02, 0.2)
    alike = np.exp(random.uniform(*np.log(LIKELY_K)))
    rates = random.beta(mean * alike, (1 - mean) * alike, SHOPS_EACH)
    orders = np.exp(random.uniform(*np.log((SMALLEST, LARGEST)), SHOPS_EACH)).astype(int)
    coming = np.maximum(1, random.poisson(orders * WEEK / WINDOW))
    past = list(zip(random.binomial(orders, rates).tolist(), orders.tolist(), strict=True))
    week = list(zip(random.binomial(coming, rates).tolist(), coming.tolist(), strict=True))
    return past, week


@dataclass
class Tally:
    """What three ways of foretelling expected of the same weeks, and what cover cost and paid."""

    blended: list[Estimate] = field(default_factory=list)
    own: list[Estimate] = field(default_factory=list)
    category: list[Estimate] = field(default_factory=list)
    fees: float = 0.0
    payouts: float = 0.0


def tallied(rules: FeeRules) -> Tally:
    """Every portfolio, its shops quoted and their week waited for."""
    random = np.random.default_rng(SEED)
    tally = Tally()
    for _ in range(PORTFOLIOS):
        past, week = drawn(random)
        believed = portfolios(rules, {"other": past})["other"]
        for (returns, orders), (came, placed) in zip(past, week, strict=True):
            if not LEAST <= orders <= MOST:
                continue
            window = WindowCounts(orders=orders, returns=returns, elsewhere=orders)
            share = float(blended_rate(rules, window, believed))
            tally.blended.append(Estimate(share, placed, came))
            tally.own.append(Estimate(returns / orders, placed, came))
            tally.category.append(Estimate(float(believed.rate), placed, came))
            quote = quote_of(
                rules,
                window,
                portfolio=believed,
                total=None,
                conduct=Conduct(),
                claims=ClaimCounts(),
            )
            tally.fees += quote.fee * placed
            tally.payouts += float(quote.payout.expected) * came
    return tally


def measure(bench: Workbench) -> Iterator[Result]:
    """Log loss against own rate and category rate, calibration, loss ratio."""
    tally = tallied(compiled_fee_rules("fee-empirical"))
    clip = cover_rules_on(date(2024, 3, 1)).clip
    best, raw, plain = (scored(rows, clip) for rows in (tally.blended, tally.own, tally.category))
    shops = f"{len(tally.blended):,} shops of {LEAST}-{MOST} orders"
    note = f"calibration {best.calibration:.3f}, loss ratio {tally.payouts / tally.fees:.2f}"
    yield Result(
        f"log loss of the blended R, {shops}", best.loss, "the shop's own rate", raw.loss, 1.0,
        unit="nats", note=note,
    )  # fmt: skip
    yield Result(
        f"log loss of the blended R, {shops}", best.loss, "the category's rate", plain.loss, 1.0,
        unit="nats",
    )  # fmt: skip
    off = abs((best.calibration or 0) - 1)
    yield Result(
        f"distance of calibration from one, {shops}", off, "what is allowed", FAR_OFF, 1.0,
        unit="of one",
    )  # fmt: skip
