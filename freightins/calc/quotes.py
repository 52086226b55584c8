"""What a shop's freight cover costs: from the orders of its window to a fee per covered order.

Counts and points in, exact fractions out; rates are shares of orders, money is fen.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import floor

from freightins.calc.fee_rules import FeeRules

SHOP, CATEGORY, ENTERED = "shop", "category", "entered"
Count = int | Fraction


@dataclass(frozen=True)
class WindowCounts:
    """The orders of a pricing window: bought in it and not cancelled unshipped.

    ``returns`` counts orders that came back, ``promotions`` orders bought in a promotion. Every
    order has one distance: ``home`` when it went to the shop's return province, ``remote``, else
    ``elsewhere``. What is only imagined may have parts of an order.
    """

    orders: int = 0
    returns: Count = 0
    promotions: Count = 0
    home: int = 0
    remote: int = 0
    elsewhere: int = 0


@dataclass(frozen=True)
class ClaimCounts:
    """Claims a statement says were paid: how many, how many of them fetched (by a courier or from
    a locker), and what those cost in fen together.
    """

    paid: int = 0
    fetched: int = 0
    fetched_fen: int = 0


@dataclass(frozen=True)
class Conduct:
    """Points of violations executed in the days before a quote."""

    severe: int = 0
    general: int = 0


@dataclass(frozen=True)
class Portfolio:
    """What a category is believed to return, and after how many orders a shop is believed half."""

    rate: Fraction
    credibility: Fraction


@dataclass(frozen=True)
class Payout:
    """What a claim is expected to cost, in fen: ``pickup_share`` of them the first weight, the
    rest the flat sum of what buyers send themselves.
    """

    pickup_share: Fraction
    first_weight: Fraction
    self_sent: int
    is_own: bool

    @property
    def expected(self) -> Fraction:
        """The mean over both ways."""
        share = self.pickup_share
        return share * self.first_weight + (1 - share) * self.self_sent


@dataclass(frozen=True)
class Quote:
    """A fee with every step to it. ``return_rate`` is None without orders.

    ``computed_fee`` is what the rule says; ``fee`` is what the merchant entered where he did.
    """

    basis: str
    return_rate: Fraction | None
    category_rate: Fraction
    credibility: Fraction
    blended_rate: Fraction
    level_factor: Fraction
    conduct_factor: Fraction
    promotion_factor: Fraction
    risk_rate: Fraction
    payout: Payout
    computed_fee: int
    fee: int

    @property
    def reputation_factor(self) -> Fraction:
        """Score and conduct together."""
        return self.level_factor * self.conduct_factor


def quote_of(
    rules: FeeRules,
    window: WindowCounts,
    *,
    portfolio: Portfolio,
    total: float | None,
    conduct: Conduct,
    claims: ClaimCounts,
    entered: int | None = None,
) -> Quote:
    """The quote of one shop. ``total`` is its service score, None without one; ``entered`` the fee
    in fen a merchant copied from the platform's page.
    """
    own = Fraction(window.returns, window.orders) if window.orders else None
    blended = blended_rate(rules, window, portfolio)
    level, points = rules.level_factor(total), conduct_factor(rules, conduct)
    promoted = promotion_factor(rules, window.promotions, window.orders)
    risk = risk_rate(rules, blended * level * points * promoted)
    payout = expected_payout(rules, window, claims)
    computed = fee_of(rules, risk, payout.expected)
    return Quote(
        basis=basis_of(rules, window) if entered is None else ENTERED,
        return_rate=own,
        category_rate=portfolio.rate,
        credibility=portfolio.credibility,
        blended_rate=blended,
        level_factor=level,
        conduct_factor=points,
        promotion_factor=promoted,
        risk_rate=risk,
        payout=payout,
        computed_fee=computed,
        fee=computed if entered is None else entered,
    )


def basis_of(rules: FeeRules, window: WindowCounts) -> str:
    """Whether a shop has orders enough for a fee of its own."""
    return SHOP if window.orders > rules.threshold else CATEGORY


def blended_rate(rules: FeeRules, window: WindowCounts, portfolio: Portfolio) -> Fraction:
    """R: the own rate as far as it is believed, the category's for the rest.

    Where K is given, a shop without orders enough is its category; where it is estimated, the own
    rate counts from the first order.
    """
    if not rules.is_estimated and basis_of(rules, window) == CATEGORY:
        return portfolio.rate
    weight = window.orders + portfolio.credibility
    return (window.returns + portfolio.credibility * portfolio.rate) / weight


def conduct_factor(rules: FeeRules, conduct: Conduct) -> Fraction:
    """What violations do to the rate; severe and general ones both, where both are."""
    severe = rules.severe if conduct.severe > 0 else Fraction(1)
    general = rules.general if conduct.general >= rules.general_from else Fraction(1)
    return severe * general


def promotion_factor(rules: FeeRules, promotions: Count, orders: int) -> Fraction:
    """What the share of orders bought in a promotion does to the rate."""
    return 1 + rules.promotion * (Fraction(promotions, orders) if orders else 0)


def risk_rate(rules: FeeRules, rate: Fraction) -> Fraction:
    """A rate with its factors, loaded and kept within its bounds."""
    return min(max(rate * rules.risk_loading, rules.lowest_risk), rules.highest_risk)


def expected_payout(rules: FeeRules, window: WindowCounts, claims: ClaimCounts) -> Payout:
    """From the shop's own claims where there are enough, else from where its orders went."""
    if claims.paid >= rules.least_claims:
        price = Fraction(claims.fetched_fen, claims.fetched) if claims.fetched else Fraction(0)
        return Payout(Fraction(claims.fetched, claims.paid), price, rules.self_sent, is_own=True)
    costs = (
        window.home * rules.home + window.remote * rules.remote + window.elsewhere * rules.elsewhere
    )
    mean = Fraction(costs, window.orders) if window.orders else Fraction(rules.without_orders)
    return Payout(rules.pickup_share, mean, rules.self_sent, is_own=False)


def fee_of(rules: FeeRules, risk: Fraction, payout: Fraction) -> int:
    """The fee per covered order in fen, half a fen up."""
    lowest, highest = Fraction(rules.lowest_fee), Fraction(rules.highest_fee)
    exact = min(max(risk * payout * rules.fee_loading, lowest), highest)
    return floor(exact + Fraction(1, 2))


def first_weight(rules: FeeRules, province: str, return_province: str) -> int:
    """The price of the first weight from an order's province to the shop's, in fen."""
    given, home = rules.province(province), rules.province(return_province)
    if given and given == home:
        return rules.home
    return rules.remote if given in rules.remote_provinces else rules.elsewhere


def validity(rules: FeeRules, day: date, opened_on: date | None) -> tuple[date, date] | None:
    """First and last day a quote of ``day`` is charged for; None when it binds nobody.

    It binds on the weekday the shop opened on.
    """
    if opened_on is None or opened_on.weekday() != day.weekday():
        return None
    return day, day + timedelta(days=rules.valid_days - 1)
