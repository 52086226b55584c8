"""How sure a ratio of sums is when its rows come in groups: products, weeks, shops.

Orders of one product are alike, so the groups are what varies: the error of a ratio follows from
how far every group lies from it (the linearised ratio estimator; W. G. Cochran, Sampling
Techniques, 3rd ed., section 6.3), and its interval from Student's t with one degree of freedom
fewer than there are groups.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from math import exp, inf, isfinite, lgamma, log, sqrt
from sys import float_info

TINY = float_info.min
CLOSE = float_info.epsilon
ROUNDS = 60
HALF = 1 / 2
Pair = tuple[float, float]


@dataclass(frozen=True)
class Interval:
    """Where a figure may lie; ``value`` is what was seen."""

    value: float
    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        """Whether the sign is told apart from chance."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class Ratio:
    """A ratio of sums with its standard error over ``groups`` groups that had a denominator."""

    value: float
    error: float
    groups: int


def ratio_of(pairs: Iterable[Pair]) -> Ratio | None:
    """The ratio of (numerator, denominator) pairs, one per group; None without a denominator.

    With one group the error is unknown and told as infinite.
    """
    seen = [(num, den) for num, den in pairs if den]
    whole = sum(den for _, den in seen)
    if not whole:
        return None
    value, count = sum(num for num, _ in seen) / whole, len(seen)
    if count == 1:
        return Ratio(value, inf, count)
    spread = sum((num - value * den) ** 2 for num, den in seen)
    return Ratio(value, sqrt(spread * count / (count - 1)) / whole, count)


def interval_of(ratio: Ratio, confidence: float) -> Interval:
    """The interval of a ratio."""
    reach = ratio.error * t_point((1 + confidence) / 2, ratio.groups - 1)
    return Interval(ratio.value, ratio.value - reach, ratio.value + reach)


def difference(one: Ratio, other: Ratio, confidence: float) -> Interval:
    """``one`` less ``other``, two independent ratios, with Welch's degrees of freedom."""
    value = one.value - other.value
    variance = one.error**2 + other.error**2
    reach = sqrt(variance) * t_point((1 + confidence) / 2, welch(one, other))
    return Interval(value, value - reach, value + reach)


def welch(one: Ratio, other: Ratio) -> float:
    """Degrees of freedom of a difference (Welch and Satterthwaite); 0 where one is unknown."""
    if min(one.groups, other.groups) < 2 or not isfinite(one.error + other.error):
        return 0.0
    parts = [(ratio.error**2, ratio.groups - 1) for ratio in (one, other)]
    whole = sum(variance for variance, _ in parts)
    if not whole:
        return float(min(freedom for _, freedom in parts))
    return whole**2 / sum(variance**2 / freedom for variance, freedom in parts)


@cache
def t_point(share: float, freedom: float) -> float:
    """The point below which Student's t stays with probability ``share`` (at least a half);
    infinite without a degree of freedom.
    """
    if freedom <= 0:
        return inf
    low, high = 0.0, 1.0
    while t_below(high, freedom) < share:
        low, high = high, 2 * high
    for _ in range(ROUNDS):
        middle = (low + high) / 2
        low, high = (middle, high) if t_below(middle, freedom) < share else (low, middle)
    return (low + high) / 2


def t_below(point: float, freedom: float) -> float:
    """The probability that Student's t is at most ``point``, which is not negative."""
    share = freedom / (freedom + point**2)
    return 1 - beta_share(share, freedom / 2, HALF) / 2


def beta_share(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function, by its continued fraction."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(x, a, b) / a
    return 1 - front * _fraction(1 - x, b, a) / b


def _fraction(x: float, a: float, b: float) -> float:
    """Lentz's evaluation of the continued fraction of the incomplete beta function."""
    c, d = 1.0, 1 / _away(1 - (a + b) * x / (a + 1))
    found = d
    for m in range(1, ROUNDS + 1):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for part in (even, odd):
            d = 1 / _away(1 + part * d)
            c = _away(1 + part / c)
            found *= c * d
        if abs(c * d - 1) < CLOSE:
            break
    return found


def _away(value: float) -> float:
    """Kept away from nought, which it is divided by."""
    return value if abs(value) > TINY else TINY
