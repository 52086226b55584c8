"""Whether covering a product is advised, with the arithmetic that says so."""

from dataclasses import dataclass

from freightins.calc.cover_rules import CoverRules

ON, OFF, EITHER, IMPOSSIBLE = "on", "off", "either", "impossible"


@dataclass(frozen=True)
class ProductFacts:
    """What advice looks at: how a product sells and comes back, its price in fen (None unknown)."""

    orders: int
    returns: int
    price: int | None
    is_virtual: bool
    is_made_to_order: bool


@dataclass(frozen=True)
class Advice:
    """``verdict`` with the ``reason`` that decided, and the figures it rests on.

    ``rate`` is the product's own return rate, or the shop's where it sold too little; ``expected``
    is what a covered order pays out on average, in fen.
    """

    verdict: str
    reason: str
    rate: float
    expected: float
    is_own: bool


def advice_on(
    rules: CoverRules, product: ProductFacts, *, fee: float, payout: float, shop_rate: float
) -> Advice:
    """What is advised for a product. ``fee`` and ``payout`` are fen per order and per claim.

    Virtual goods cannot be covered. Made to order, hardly ever returned, or cheap against the
    freight: off. Paying back most of its fee: on. Between: either.
    """
    is_own = product.orders >= rules.least_orders
    rate = product.returns / product.orders if is_own else shop_rate
    expected = rate * payout

    def told(verdict: str, reason: str) -> Advice:
        return Advice(verdict, reason, rate, expected, is_own)

    if product.is_virtual:
        return told(IMPOSSIBLE, "virtual")
    if product.is_made_to_order:
        return told(OFF, "made_to_order")
    if is_own and rate < rules.low_return_rate:
        return told(OFF, "low_return_rate")
    if product.price and payout / product.price >= rules.freight_share:
        return told(OFF, "freight_share")
    if expected >= fee * rules.worthwhile:
        return told(ON, "worthwhile")
    return told(EITHER, "between")
