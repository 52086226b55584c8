"""How good an estimate of returns was: what came back against what was expected."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import log


@dataclass(frozen=True)
class Estimate:
    """The share of orders expected to come back, the orders it spoke of, and what came back."""

    share: float
    orders: int
    returns: int


@dataclass(frozen=True)
class Score:
    """``calibration`` is actual by expected returns (None where none were expected), ``loss`` the
    mean log loss per order in nats.
    """

    orders: int
    calibration: float | None
    loss: float


def scored(estimates: Iterable[Estimate], clip: float) -> Score:
    """The score of some estimates; shares are kept ``clip`` away from 0 and 1. Without orders the
    loss is 0.
    """
    orders, returns, expected, loss = 0, 0, 0.0, 0.0
    for one in estimates:
        share = min(max(one.share, clip), 1 - clip)
        orders += one.orders
        returns += one.returns
        expected += one.share * one.orders
        loss -= one.returns * log(share) + (one.orders - one.returns) * log(1 - share)
    calibration = returns / expected if expected else None
    return Score(orders, calibration, loss / orders if orders else 0.0)
