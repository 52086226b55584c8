"""How far shops of a category lie apart, and so how much to believe one of them.

Returns of a shop are taken as draws with its own rate, and the rates of a category as draws from a
beta distribution. Mean and spread of that distribution follow from the shops by moments
(J. C. Kleinman, Proportions with extraneous variance, JASA 68, 1973): weights and spread are worked
out in turn, so that a large shop counts for more, but only as far as it tells more.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from freightins.calc.fee_rules import FeeRules
from freightins.calc.quotes import Portfolio

Counts = tuple[int, int]


def portfolios(rules: FeeRules, shops: Mapping[str, Sequence[Counts]]) -> dict[str, Portfolio]:
    """Rate and credibility of every category of the rules.

    ``shops`` has (returns, orders) of each shop of a category; only rule sets that estimate look
    at it.
    """
    return {
        category: _estimated(rules, category, shops.get(category, ()))
        if rules.is_estimated
        else Portfolio(rate, rules.credibility)
        for category, rate in rules.base.items()
    }


def _estimated(rules: FeeRules, category: str, shops: Sequence[Counts]) -> Portfolio:
    """By moments; the given figures where there are too few shops, or nothing ever came back."""
    seen = [(returns, orders) for returns, orders in shops if orders]
    given = Portfolio(rules.base[category], rules.credibility)
    if len(seen) < rules.least_shops:
        return given
    alike = 0.0
    for _ in range(rules.rounds):
        mean = _mean(seen, alike)
        if not 0 < mean < 1:
            return given
        alike = _likeness(seen, alike, mean)
    least = 1 / (1 + float(rules.most_credibility))
    alike = max(alike, least)
    return Portfolio(Fraction(_mean(seen, alike)), Fraction(1 / alike - 1))


def _weights(shops: Sequence[Counts], alike: float) -> list[float]:
    return [orders / (1 + alike * (orders - 1)) for _, orders in shops]


def _mean(shops: Sequence[Counts], alike: float) -> float:
    weights = _weights(shops, alike)
    rates = [returns / orders for returns, orders in shops]
    return sum(w * p for w, p in zip(weights, rates, strict=True)) / sum(weights)


def _likeness(shops: Sequence[Counts], alike: float, mean: float) -> float:
    """The correlation of two orders of one shop, 1/(K+1), that makes the spread what it is."""
    weights = _weights(shops, alike)
    whole = sum(weights)
    rates = [returns / orders for returns, orders in shops]
    spread = sum(w * (p - mean) ** 2 for w, p in zip(weights, rates, strict=True))
    # Expected spread = mean (1 - mean) (chance + likeness * (room - chance)).
    shares = [w * (1 - w / whole) for w in weights]
    chance = sum(s / orders for s, (_, orders) in zip(shares, shops, strict=True))
    room = sum(shares)
    if room <= chance:
        return 0.0
    found = (spread / (mean * (1 - mean)) - chance) / (room - chance)
    return min(max(found, 0.0), 1.0 - 1.0 / whole) if whole > 1 else 0.0
