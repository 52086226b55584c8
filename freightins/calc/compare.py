"""Covered against uncovered products, told with as much doubt as there is.

Which products are covered is chosen, not drawn, so a difference may come from what was chosen
rather than from cover. Beside the plain difference stands the one inside categories (weights of
Mantel and Haenszel): where the two point in opposite ways (Simpson's paradox) or only the plain one
is told apart from chance, the mix of categories speaks and not cover.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from freightins.calc.ratios import Interval, Pair, difference, ratio_of, t_point
from freightins.calc.sums import ProductSums, Sums
from freightins.calc.worth_rules import WorthRules

SIMPSON, MIX, NONE = "simpson", "mix", ""
FEW_PRODUCTS, FEW_ORDERS, ENOUGH = "products", "orders", ""
# measure -> numerator and denominator among the sums of a product
MEASURES: Mapping[str, tuple[str, str]] = {
    "return_rate": ("returns", "orders"),
    "dispute_rate": ("disputes", "orders"),
    "silent": ("silent", "orders"),
    "order_value": ("fen", "priced"),
    "items": ("items", "orders"),
    "bad_reviews": ("bad_reviews", "reviews"),
    "came_again": ("came_again", "known_returners"),
}


@dataclass(frozen=True)
class Compared:
    """One measure on both sides (None without a denominator). ``crude`` is covered less uncovered,
    ``within`` the same inside categories, None where too little is there; ``thin`` says of what.
    """

    measure: str
    on: float | None
    off: float | None
    crude: Interval | None
    within: Interval | None
    warning: str
    thin: str


def compared(products: Sequence[ProductSums], rules: WorthRules) -> list[Compared]:
    """Every measure of the sums."""
    return [_measure(name, products, rules, _part(name)) for name in MEASURES]


def converted(
    products: Sequence[ProductSums], visitors: Mapping[str, tuple[int, int]], rules: WorthRules
) -> Compared:
    """Orders by visitors; ``visitors`` has those of covered and of uncovered days per product."""

    def pair(product: ProductSums, is_on: bool) -> Pair:
        on, off = visitors.get(product.product, (0, 0))
        sums, seen = (product.on, on) if is_on else (product.off, off)
        return sums.orders if seen else 0, seen

    return _measure("conversion", products, rules, pair)


Part = Callable[[ProductSums, bool], Pair]


def _part(name: str) -> Part:
    num, den = MEASURES[name]

    def pair(product: ProductSums, is_on: bool) -> Pair:
        sums: Sums = product.on if is_on else product.off
        return getattr(sums, num), getattr(sums, den)

    return pair


def _measure(name: str, products: Sequence[ProductSums], rules: WorthRules, part: Part) -> Compared:
    on = ratio_of(part(product, True) for product in products)
    off = ratio_of(part(product, False) for product in products)
    told = (on.value if on else None, off.value if off else None)
    if on is None or off is None or min(on.groups, off.groups) < rules.least_groups:
        return Compared(name, *told, None, None, NONE, FEW_PRODUCTS)
    dens = [sum(part(product, side)[1] for product in products) for side in (True, False)]
    if min(dens) < rules.least_orders:
        return Compared(name, *told, None, None, NONE, FEW_ORDERS)
    crude = difference(on, off, rules.confidence)
    within = within_categories(products, part, rules.confidence)
    return Compared(name, *told, crude, within, warning_of(crude, within), ENOUGH)


def warning_of(crude: Interval, within: Interval | None) -> str:
    """Whether the mix of categories speaks."""
    if within is None:
        return NONE
    if within.excludes_zero and crude.value * within.value < 0:
        return SIMPSON
    return MIX if crude.excludes_zero and not within.excludes_zero else NONE


def within_categories(
    products: Sequence[ProductSums], part: Part, confidence: float
) -> Interval | None:
    """The difference inside categories that have at least two products on both sides; None where
    none has.
    """
    groups: defaultdict[str, list[ProductSums]] = defaultdict(list)
    for product in products:
        groups[product.category].append(product)
    whole = value = variance = 0.0
    freedom = 0
    for members in groups.values():
        on = ratio_of(part(member, True) for member in members)
        off = ratio_of(part(member, False) for member in members)
        if on is None or off is None or min(on.groups, off.groups) < 2:
            continue
        n, m = (sum(part(member, side)[1] for member in members) for side in (True, False))
        weight = n * m / (n + m)
        whole += weight
        value += weight * (on.value - off.value)
        variance += weight**2 * (on.error**2 + off.error**2)
        freedom += on.groups + off.groups - 2
    if not whole:
        return None
    reach = sqrt(variance) / whole * t_point((1 + confidence) / 2, freedom)
    return Interval(value / whole, value / whole - reach, value / whole + reach)
