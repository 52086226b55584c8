"""A fee taken apart: what each part adds, and what each factor did since the quote before."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import exp, sqrt
from statistics import NormalDist
from sys import float_info

# Factors in the order they are replaced when two quotes are compared.
FACTORS = ("returns", "credibility", "reputation", "promotion", "payout")


@dataclass(frozen=True)
class Chain:
    """The numbers a fee is the product of. ``own`` is the shop's rate, ``weight`` how much it is
    believed (0 at the category's rate); money is fen.
    """

    own: float
    category: float
    weight: float
    reputation: float
    promotion: float
    risk_loading: float
    payout: float
    fee_loading: float

    @property
    def rate(self) -> float:
        """R, the expected share of returns."""
        return self.weight * self.own + (1 - self.weight) * self.category

    @property
    def risk(self) -> float:
        """R with its factors, before bounds."""
        return self.rate * self.reputation * self.promotion * self.risk_loading

    @property
    def fee(self) -> float:
        """The fee before bounds and rounding, in fen."""
        return self.risk * self.payout * self.fee_loading


@dataclass(frozen=True)
class Part:
    """A part of a fee in fen, and its share."""

    name: str
    fen: float
    share: float


def parts(chain: Chain) -> list[Part]:
    """What a fee is made of, each factor as what it adds to the product of those before it."""
    plain = chain.rate * chain.payout
    steps = (
        ("returns", 1.0),
        ("reputation", chain.reputation),
        ("promotion", chain.promotion),
        ("risk_loading", chain.risk_loading),
        ("fee_loading", chain.fee_loading),
    )
    found, before = [], 0.0
    value = plain
    for name, factor in steps:
        value *= factor
        found.append((name, value - before))
        before = value
    return [Part(name, fen, fen / before if before else 0.0) for name, fen in found]


def differences(before: Chain, after: Chain) -> Mapping[str, float]:
    """What each factor did to the fee, in fen: replaced one after another, they add up."""
    changes = {
        "returns": {"own": after.own, "category": after.category},
        "credibility": {"weight": after.weight},
        "reputation": {"reputation": after.reputation},
        "promotion": {"promotion": after.promotion},
        "payout": {"payout": after.payout},
    }
    found: dict[str, float] = {}
    chain = before
    for name in FACTORS:
        moved = replace(chain, **changes[name])
        found[name] = moved.fee - chain.fee
        chain = moved
    return found


def poisson_point(mean: float, share: float) -> int:
    """The smallest count a Poisson draw does not exceed with probability ``share``.

    A mean whose first terms no float holds is taken as normal.
    """
    if mean <= 0:
        return 0
    chance = exp(-mean)
    if chance < float_info.min:
        return round(NormalDist(mean, sqrt(mean)).inv_cdf(share))
    below, count = chance, 0
    while below < share and chance > 0:
        count += 1
        chance *= mean / count
        below += chance
    return count
