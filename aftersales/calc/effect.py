"""What a fix has done: the change of a return rate, less the change of goods without the fix.

The interval is of the recovered variances kind (MOVER): each rate's Wilson interval says how far it
may be off on either side, and the four distances add up as squares. No normal curve is laid over
a handful of returns.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from aftersales.calc.diagnostic_rules import EffectRules

IMPROVED, UNCHANGED, WORSE, TOO_FEW = "improved", "unchanged", "worse", "too_few"
VERDICTS = (IMPROVED, UNCHANGED, WORSE, TOO_FEW)


@dataclass(frozen=True)
class Counts:
    """Lines sold, and those that came back."""

    n: int
    k: int

    @property
    def rate(self) -> float:
        """The rate; 0 of nothing."""
        return self.k / self.n if self.n else 0.0


@dataclass(frozen=True)
class Effect:
    """The change of the rate as a fraction (negative is better) with its 95 % interval; None each
    where there is too little to say.
    """

    verdict: str
    change: float | None = None
    low: float | None = None
    high: float | None = None


def wilson(counts: Counts, z: float) -> tuple[float, float]:
    """The interval of a rate. Raises ZeroDivisionError of nothing."""
    z2, rate = z * z, counts.rate
    middle = rate + z2 / (2 * counts.n)
    spread = z * sqrt((rate * (1 - rate) + z2 / (2 * 2 * counts.n)) / counts.n)
    whole = 1 + z2 / counts.n
    # Rounding must not put a rate of nothing or of everything outside of its interval.
    return (
        min(max((middle - spread) / whole, 0.0), rate),
        max(min((middle + spread) / whole, 1.0), rate),
    )


def effect(
    before: Counts, after: Counts, others_before: Counts, others_after: Counts, rules: EffectRules
) -> Effect:
    """The change of goods with the fix less that of the others; alone where there are too few
    others to compare with.
    """
    if min(before.n, after.n) < rules.least_lines:
        return Effect(TOO_FEW)
    signed = [(after, 1), (before, -1)]
    if min(others_before.n, others_after.n) >= rules.least_lines:
        signed += [(others_after, -1), (others_before, 1)]
    change = sum(sign * counts.rate for counts, sign in signed)
    low, high = _interval(signed, change, rules.normal_95)
    if high < 0:
        return Effect(IMPROVED, change, low, high)
    return Effect(WORSE if low > 0 else UNCHANGED, change, low, high)


def _interval(signed: Sequence[tuple[Counts, int]], change: float, z: float) -> tuple[float, float]:
    below = above = 0.0
    for counts, sign in signed:
        low, high = wilson(counts, z)
        down, up = counts.rate - low, high - counts.rate
        below += (down if sign > 0 else up) ** 2
        above += (up if sign > 0 else down) ** 2
    return change - sqrt(below), change + sqrt(above)
