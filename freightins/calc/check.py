"""How good estimates of returns were: what came back against what was expected.

Weeks and shops are groups: their orders come back together, so an interval is as wide as the groups
lie apart, not as narrow as that many orders drawn one by one would make it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log

from freightins.calc.ratios import Interval, Ratio, interval_of, ratio_of
from freightins.calc.worth_rules import WorthRules

RIGHT, TOO_LOW, TOO_HIGH, THIN = "right", "too_low", "too_high", "thin"


@dataclass(frozen=True)
class Estimate:
    """The share of orders expected to come back, the orders it spoke of, and what came back."""

    share: float
    orders: int
    returns: int


@dataclass(frozen=True)
class Score:
    """``calibration`` is actual by expected returns (None where none were expected), ``loss`` the
    mean log loss per order in nats.
    """

    orders: int
    calibration: float | None
    loss: float


def scored(estimates: Iterable[Estimate], clip: float) -> Score:
    """The score of some estimates; shares are kept ``clip`` away from 0 and 1. Without orders the
    loss is 0.
    """
    orders, returns, expected, loss = 0, 0, 0.0, 0.0
    for one in estimates:
        orders += one.orders
        returns += one.returns
        expected += one.share * one.orders
        loss += log_loss(one, clip)
    calibration = returns / expected if expected else None
    return Score(orders, calibration, loss / orders if orders else 0.0)


def log_loss(one: Estimate, clip: float) -> float:
    """The log loss of all orders of an estimate together, in nats."""
    share = min(max(one.share, clip), 1 - clip)
    return -(one.returns * log(share) + (one.orders - one.returns) * log(1 - share))


@dataclass(frozen=True)
class Week:
    """A week that was quoted: three ways to foretell the share of returns, what came, and the money
    in fen. ``own`` is None where the window had no orders; ``group`` says which weeks go together.
    """

    group: str
    share: float
    own: float | None
    category: float
    orders: int
    returns: int
    fees: int
    payouts: int


@dataclass(frozen=True)
class Rival:
    """Log losses per order on the same weeks, and how much more the rival's is."""

    loss: float
    ours: float
    more: Interval | None
    weeks: int


@dataclass(frozen=True)
class Judgement:
    """What some weeks say of the model. ``calibration`` is None where too little was expected."""

    verdict: str
    weeks: int
    groups: int
    score: Score
    expected: float
    returns: int
    calibration: Interval | None
    own: Rival | None
    category: Rival | None
    fees: int
    payouts: int

    @property
    def loss_ratio(self) -> float | None:
        """Payouts by fees."""
        return self.payouts / self.fees if self.fees else None


def judged(weeks: Sequence[Week], rules: WorthRules, clip: float) -> Judgement:
    """What the weeks say. Fewer groups or expected returns than the rules ask for are thin."""
    seen = [week for week in weeks if week.orders]
    expected = sum(week.share * week.orders for week in seen)
    returns = sum(week.returns for week in seen)
    groups = len({week.group for week in seen})
    is_thin = groups < rules.least_weeks or expected < rules.least_returns
    ratio = None if is_thin else _by_group(seen, [float(week.returns) for week in seen],
                                           [week.share * week.orders for week in seen])  # fmt: skip
    calibration = interval_of(ratio, rules.confidence) if ratio else None
    known = [week for week in seen if week.own is not None]
    return Judgement(
        verdict=_verdict(calibration),
        weeks=len(seen),
        groups=groups,
        score=scored((_ours(week) for week in seen), clip),
        expected=expected,
        returns=returns,
        calibration=calibration,
        own=_rival(known, [week.own or 0.0 for week in known], rules, clip),
        category=_rival(seen, [week.category for week in seen], rules, clip),
        fees=sum(week.fees for week in seen),
        payouts=sum(week.payouts for week in seen),
    )


def _ours(week: Week) -> Estimate:
    return Estimate(week.share, week.orders, week.returns)


def _verdict(calibration: Interval | None) -> str:
    if calibration is None:
        return THIN
    if calibration.low > 1:
        return TOO_LOW
    return TOO_HIGH if calibration.high < 1 else RIGHT


def _rival(
    weeks: Sequence[Week], shares: Sequence[float], rules: WorthRules, clip: float
) -> Rival | None:
    if not weeks:
        return None
    theirs = [
        log_loss(Estimate(share, week.orders, week.returns), clip)
        for week, share in zip(weeks, shares, strict=True)
    ]
    ours = [log_loss(_ours(week), clip) for week in weeks]
    orders = sum(week.orders for week in weeks)
    differences = [their - our for their, our in zip(theirs, ours, strict=True)]
    ratio = _by_group(weeks, differences, [float(week.orders) for week in weeks])
    is_enough = ratio is not None and ratio.groups >= rules.least_weeks
    more = interval_of(ratio, rules.confidence) if ratio and is_enough else None
    return Rival(sum(theirs) / orders, sum(ours) / orders, more, len(weeks))


def _by_group(weeks: Sequence[Week], nums: Sequence[float], dens: Sequence[float]) -> Ratio | None:
    sums: dict[str, tuple[float, float]] = {}
    for week, num, den in zip(weeks, nums, dens, strict=True):
        before = sums.get(week.group, (0.0, 0.0))
        sums[week.group] = (before[0] + num, before[1] + den)
    return ratio_of(sums.values())
