"""What a planned promotion does to the fee of the weeks after it, worked out before it is held.

Each coming billing day has its window. What of it lies in ripe days is known; orders of later days
that are over are known too, their returns are taken at the usual rate; days to come are as usual.
The promotion adds its orders to its days. Every week is quoted twice, with it and without.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from freightins.calc.fee_rules import FeeRules
from freightins.calc.levers import Inputs, quoted
from freightins.calc.quotes import WindowCounts
from freightins.calc.worth_rules import WorthRules
from shopguard.lib.days import days_between


@dataclass(frozen=True)
class DayCounts:
    """A day that is over: its orders, how many came back, how many were of a promotion."""

    orders: int = 0
    returns: int = 0
    promotions: int = 0


@dataclass(frozen=True)
class Usual:
    """What a day brings without a promotion: orders, and shares of them."""

    orders: Fraction
    return_rate: Fraction
    promotion_share: Fraction


@dataclass(frozen=True)
class Plan:
    """A promotion: its days, the orders it adds on all of them, the share expected to come back."""

    first: date
    last: date
    orders: int
    return_rate: Fraction

    @property
    def days(self) -> int:
        """How many days it lasts."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class PlannedWeek:
    """A week from its billing day: fee with and without the promotion in fen, covered orders with
    and without, and the share of promotion orders in the window.
    """

    day: date
    fee: int
    usual_fee: int
    orders: Fraction
    usual_orders: Fraction
    promotion_share: Fraction
    risk_rate: Fraction

    @property
    def cost(self) -> Fraction:
        """Fees of the week in fen."""
        return self.fee * self.orders

    @property
    def more(self) -> Fraction:
        """Fees more than without the promotion."""
        return self.cost - self.usual_fee * self.usual_orders


@dataclass(frozen=True)
class PlannedCost:
    """What a promotion costs in fees, in fen: ``own`` for covering its orders, ``later`` because
    the fee of other orders rises; ``payout`` is what its returns are expected to pay out. ``peak``
    is the dearest week.
    """

    weeks: list[PlannedWeek]
    own: Fraction
    later: Fraction
    payout: Fraction
    peak: PlannedWeek

    @property
    def whole(self) -> Fraction:
        """Fees more than without it."""
        return self.own + self.later


@dataclass(frozen=True)
class Ground:
    """What a plan is worked out on. ``days`` are over; ``covered`` is the share of orders that is
    covered, ``fee`` what is charged until the first of ``billed``, the billing days to come.
    """

    day: date
    days: Mapping[date, DayCounts]
    usual: Usual
    inputs: Inputs
    covered: Fraction
    fee: int
    billed: list[date]


def usual_of(worth: WorthRules, days: Mapping[date, DayCounts], day: date) -> Usual:
    """Four ripe weeks as they were, days without orders included."""
    last = day - timedelta(days=worth.unripe_days + 1)
    seen = days_between(last - timedelta(days=worth.usual_days - 1), last)
    counts = [days.get(one, DayCounts()) for one in seen]
    orders = sum(one.orders for one in counts)
    if not orders:
        return Usual(Fraction(0), Fraction(0), Fraction(0))
    return Usual(
        Fraction(orders, len(seen)),
        Fraction(sum(one.returns for one in counts), orders),
        Fraction(sum(one.promotions for one in counts), orders),
    )


def promoted_rate(worth: WorthRules, promoted: int, came_back: int, usual: Usual) -> Fraction:
    """The share of promotion orders that comes back: the shop's own where it sold enough of them,
    else somewhat more than usual.
    """
    if promoted >= worth.least_promoted:
        return Fraction(came_back, promoted)
    return min(usual.return_rate * worth.more_returns, Fraction(1))


def planned(rules: FeeRules, worth: WorthRules, ground: Ground, plan: Plan) -> PlannedCost:
    """Every week to come with the promotion and without it."""
    weeks = [_week(rules, worth, ground, plan, day) for day in ground.billed]
    first = ground.billed[0]
    before = Fraction(
        _overlap(plan, ground.day, first - timedelta(days=1)) * plan.orders, plan.days
    )
    own = before * ground.covered * ground.fee
    later = Fraction(0)
    for week in weeks:
        own += (week.orders - week.usual_orders) * week.fee
        later += week.usual_orders * (week.fee - week.usual_fee)
    peak = max(weeks, key=lambda week: week.fee)
    expected = quoted(rules, ground.inputs).payout.expected
    return PlannedCost(
        weeks=weeks,
        own=own,
        later=later,
        payout=plan.orders * ground.covered * plan.return_rate * expected,
        peak=peak,
    )


def _week(rules: FeeRules, worth: WorthRules, ground: Ground, plan: Plan, day: date) -> PlannedWeek:
    last = day + timedelta(days=rules.valid_days - 1)
    usual = ground.usual.orders * rules.valid_days * ground.covered
    more = Fraction(_overlap(plan, day, last) * plan.orders, plan.days) * ground.covered
    there = _window(rules, worth, ground, day, plan)
    without = _window(rules, worth, ground, day, None)
    found = quoted(rules, replace(ground.inputs, window=there))
    plain = quoted(rules, replace(ground.inputs, window=without))
    share = Fraction(there.promotions, there.orders) if there.orders else Fraction(0)
    return PlannedWeek(
        day, found.computed_fee, plain.computed_fee, usual + more, usual, share, found.risk_rate
    )


def _overlap(plan: Plan, first: date, last: date) -> int:
    """How many days of the promotion lie between two days."""
    days = (min(plan.last, last) - max(plan.first, first)).days + 1
    return max(days, 0)


def _window(
    rules: FeeRules, worth: WorthRules, ground: Ground, day: date, plan: Plan | None
) -> WindowCounts:
    """The window of a billing day as it will be; distances as they are now."""
    first, last = rules.window_days(day)
    ripe = ground.day - timedelta(days=worth.unripe_days)
    usual = ground.usual
    orders = returns = promotions = Fraction(0)
    for one in days_between(first, last):
        seen = ground.days.get(one, DayCounts())
        if one >= ground.day:
            orders += usual.orders
            returns += usual.orders * usual.return_rate
            promotions += usual.orders * usual.promotion_share
            continue
        orders += seen.orders
        promotions += seen.promotions
        likely = seen.orders * usual.return_rate
        returns += seen.returns if one < ripe else max(Fraction(seen.returns), likely)
    if plan is not None:
        more = Fraction(_overlap(plan, first, last) * plan.orders, plan.days)
        orders, promotions = orders + more, promotions + more
        returns += more * plan.return_rate
    return _rounded(ground.inputs.window, orders, returns, promotions)


def _rounded(
    present: WindowCounts, orders: Fraction, returns: Fraction, promotions: Fraction
) -> WindowCounts:
    """Whole orders, going as far as those of the present window."""
    count = round(orders)
    if not present.orders:
        return WindowCounts(
            count, min(returns, Fraction(count)), min(promotions, Fraction(count)), elsewhere=count
        )
    home, remote = (
        round(Fraction(n * count, present.orders)) for n in (present.home, present.remote)
    )
    remote = min(remote, count - home)
    return WindowCounts(
        orders=count,
        returns=min(returns, Fraction(count)),
        promotions=min(promotions, Fraction(count)),
        home=home,
        remote=remote,
        elsewhere=count - home - remote,
    )
