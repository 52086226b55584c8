"""A fee rule set in the form calculations use, checked as it is compiled.

Numbers are exact fractions, so that a fee that lies on half a fen is rounded as written down.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

from shopguard.lib.rulesets import RuleError, RuleSet

OTHER = "other"


@dataclass(frozen=True)
class FeeRules:
    """Everything a fee is computed from besides the facts. Money is fen, shares are fractions."""

    id: str
    hash: str
    window: tuple[int, int]
    threshold: int
    valid_days: int
    is_estimated: bool
    credibility: Fraction
    least_shops: int
    most_credibility: Fraction
    rounds: int
    base: Mapping[str, Fraction]
    levels: tuple[Fraction, ...]
    level_factors: tuple[Fraction, ...]
    without_total: Fraction
    conduct_days: int
    severe: Fraction
    general_from: int
    general: Fraction
    promotion: Fraction
    risk_loading: Fraction
    lowest_risk: Fraction
    highest_risk: Fraction
    self_sent: int
    claim_days: int
    least_claims: int
    pickup_share: Fraction
    home: int
    remote: int
    elsewhere: int
    remote_provinces: frozenset[str]
    province_endings: tuple[str, ...]
    without_orders: int
    fee_loading: Fraction
    lowest_fee: int
    highest_fee: int

    def window_days(self, day: date) -> tuple[date, date]:
        """First and last Shanghai day of the pricing window of a quote of ``day``."""
        first, last = self.window
        return day - timedelta(days=first), day - timedelta(days=last)

    def category_of(self, main_category: str, industry: str) -> str:
        """The category a shop is priced as: its main category, else its industry, else other."""
        known = (name for name in (main_category, industry) if name in self.base)
        return next(known, OTHER)

    def province(self, text: str) -> str:
        """A province without the ending some files write; empty stays empty."""
        name = text.strip()
        for ending in self.province_endings:
            if name.endswith(ending) and name != ending:
                return name.removesuffix(ending)
        return name

    def level_factor(self, total: float | None) -> Fraction:
        """What the service score does to the rate."""
        if total is None:
            return self.without_total
        return self.level_factors[bisect_right(self.levels, Fraction(str(total)))]


def fee_rules(rules: RuleSet) -> FeeRules:
    """Compile and check a rule set. Raises RuleError with the set, the parameter and the fault."""
    levels, factors = _numbers(rules["reputation.from"]), _numbers(rules["reputation.factors"])
    rising = all(low < high for low, high in pairwise(levels))
    _require(rules, rising, "reputation.from", "the levels must rise")
    fits = len(factors) == len(levels) + 1
    _require(rules, fits, "reputation.factors", "one factor per level and one below are needed")
    reading = f"window.{rules['window.reading']}"
    _require(rules, reading in rules, "window.reading", "names no window")
    first, last = rules[reading]
    _require(rules, first >= last > 0, reading, "the window ends before it begins")
    base = {name: _number(value) for name, value in rules.group("base").items()}
    _require(rules, OTHER in base, "base", f"lacks {OTHER}")
    return FeeRules(
        id=rules.id,
        hash=rules.hash,
        window=(first, last),
        threshold=rules["threshold.orders"],
        valid_days=rules["validity.days"],
        base=base,
        levels=levels,
        level_factors=factors,
        without_total=_number(rules["reputation.without_total"]),
        promotion=_number(rules["promotion.slope"]),
        **_credibility(rules),
        **_conduct(rules),
        **_risk(rules),
        **_payout(rules),
    )


def _credibility(rules: RuleSet) -> dict[str, Any]:
    estimated = rules["credibility.estimated"]
    _require(rules, rules["credibility.orders"] > 0, "credibility.orders", "must be above 0")
    return {
        "is_estimated": estimated,
        "credibility": _number(rules["credibility.orders"]),
        "least_shops": rules["credibility.shops"] if estimated else 0,
        "most_credibility": _number(rules["credibility.most"] if estimated else 0),
        "rounds": rules["credibility.rounds"] if estimated else 0,
    }


def _conduct(rules: RuleSet) -> dict[str, Any]:
    return {
        "conduct_days": rules["conduct.days"],
        "severe": _number(rules["conduct.severe"]),
        "general_from": rules["conduct.general_from"],
        "general": _number(rules["conduct.general"]),
    }


def _risk(rules: RuleSet) -> dict[str, Any]:
    low, high = _number(rules["risk.lowest"]), _number(rules["risk.highest"])
    _require(rules, low <= high, "risk.lowest", "is above risk.highest")
    cheap, dear = rules["fee.lowest"], rules["fee.highest"]
    _require(rules, cheap <= dear, "fee.lowest", "is above fee.highest")
    return {
        "risk_loading": _number(rules["risk.loading"]),
        "lowest_risk": low,
        "highest_risk": high,
        "fee_loading": _number(rules["fee.loading"]),
        "lowest_fee": cheap,
        "highest_fee": dear,
    }


def _payout(rules: RuleSet) -> dict[str, Any]:
    return {
        "self_sent": rules["payout.self_sent"],
        "claim_days": rules["payout.claim_days"],
        "least_claims": rules["payout.claims"],
        "pickup_share": _number(rules["payout.pickup_share"]),
        "home": rules["payout.home"],
        "remote": rules["payout.remote"],
        "elsewhere": rules["payout.other"],
        "remote_provinces": frozenset(rules["payout.remote_provinces"]),
        "province_endings": tuple(rules["payout.province_endings"]),
        "without_orders": rules["payout.without_orders"],
    }


def _number(value: float) -> Fraction:
    return Fraction(str(value))


def _numbers(values: tuple[float, ...]) -> tuple[Fraction, ...]:
    return tuple(_number(value) for value in values)


def _require(rules: RuleSet, holds: bool, path: str, fault: str) -> None:
    if not holds:
        raise RuleError(f"rule set {rules.id}: {path}: {fault}")
