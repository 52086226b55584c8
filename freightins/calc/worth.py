"""What cover costs against what it brings: break-even, and both sides of the account.

Money is fen; shares are fractions. Nothing the merchant did not say is guessed: without a margin
there is no break-even, without a measured effect no gain.
"""

from dataclasses import dataclass

from freightins.calc.ratios import Interval
from freightins.calc.sums import Sums

PAYS, LIKELY, UNLIKELY, LOSES, UNKNOWN = "pays", "likely", "unlikely", "loses", "unknown"


@dataclass(frozen=True)
class Said:
    """What a merchant says: the share of sales left before the fee, fen per return and dispute."""

    margin: float
    return_cost: int
    dispute_cost: int


def break_even(covered: Sums, whole: Sums, said: Said | None) -> float | None:
    """The share of more orders at which the fee pays: fee by margin of an order.

    The fee is what a covered order cost, the margin that of the mean order, covered or not. None
    where either is unknown.
    """
    value = whole.order_value
    if said is None or not covered.orders or not value or said.margin <= 0:
        return None
    return covered.fees / covered.orders / (value * said.margin)


def verdict(need: float | None, uplift: Interval | None) -> str:
    """Whether cover pays by a measured uplift in orders; unknown without one."""
    if need is None or uplift is None:
        return UNKNOWN
    if uplift.low >= need:
        return PAYS
    if uplift.high < need:
        return LOSES
    return LIKELY if uplift.value >= need else UNLIKELY


@dataclass(frozen=True)
class Account:
    """What was paid and what came of it, over the days counted, in fen.

    ``payouts`` went to buyers. ``gained``, ``spared`` and ``burden`` are None where nothing was
    measured or said: margin of more orders, disputes not had, and more returns.
    """

    fees: int
    payouts: int
    gained: float | None
    spared: float | None
    burden: float | None

    @property
    def net(self) -> float | None:
        """Gained and spared less fees and burden; payouts are the buyer's. None while the gain is
        unknown.
        """
        if self.gained is None:
            return None
        return self.gained + (self.spared or 0) - self.fees - (self.burden or 0)


def account_of(
    covered: Sums,
    whole: Sums,
    said: Said | None,
    *,
    uplift: float | None,
    disputes: float | None,
    returns: float | None,
) -> Account:
    """The account of covered orders. ``uplift`` is the share of more orders cover brought;
    ``disputes`` and ``returns`` are covered less uncovered rates. None: not told apart from chance
    or not measured.
    """
    value = whole.order_value
    gained = spared = burden = None
    if said is not None and uplift is not None and value:
        # Of n covered orders uplift / (1 + uplift) would not have come.
        gained = covered.orders * uplift / (1 + uplift) * value * said.margin
    if said is not None and disputes is not None:
        spared = max(-disputes, 0.0) * covered.orders * said.dispute_cost
    if said is not None and returns is not None:
        burden = max(returns, 0.0) * covered.orders * said.return_cost
    return Account(covered.fees, covered.payouts, gained, spared, burden)
