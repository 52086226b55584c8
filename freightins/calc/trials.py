"""Cover tried out: look-alike products drawn into two halves, and what their orders did.

The two halves are compared as ratios of ratios: orders after by orders before, of the covered half
by the same of the other. Products are the groups, so that one that took off alone does not look
like an effect. Half by pairs of neighbours in sales keeps the halves alike from the start.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import exp, inf, log, sqrt

from freightins.calc.ratios import Interval, Ratio, difference, ratio_of, t_point, welch
from freightins.calc.worth_rules import WorthRules

ON, OFF = "on", "off"
RUNNING, TOO_FEW, NO_ORDERS, ENOUGH = "running", "too_few", "no_orders", ""


@dataclass(frozen=True)
class Candidate:
    """A product that may take part: its category, orders of late and price in fen."""

    product: str
    category: str
    orders: int
    price: int | None


@dataclass(frozen=True)
class Drawn:
    """Where a product goes: its pair and its half."""

    product: str
    pair: int
    arm: str


def drawn(candidates: Iterable[Candidate], seed: str) -> list[Drawn]:
    """Pairs of neighbours, in category and then in sales, one of each drawn for cover; those left
    over of their categories are paired by sales alone.

    The draw is the first bit of a hash of the seed and the pair, so that who knows the seed can
    draw again. The last odd product is left out.
    """
    by_category: dict[str, list[Candidate]] = {}
    for one in candidates:
        by_category.setdefault(one.category, []).append(one)
    found: list[Drawn] = []
    left: list[Candidate] = []
    for _, members in sorted(by_category.items()):
        ordered = _ordered(members)
        left += ordered[len(ordered) // 2 * 2 :]
        found += _paired(ordered, seed, len(found) // 2)
    return found + _paired(_ordered(left), seed, len(found) // 2)


def _ordered(members: Sequence[Candidate]) -> list[Candidate]:
    return sorted(members, key=lambda one: (-one.orders, one.price or 0, one.product))


def _paired(ordered: Sequence[Candidate], seed: str, start: int) -> list[Drawn]:
    found = []
    pairs = zip(ordered[::2], ordered[1::2], strict=False)
    for pair, (first, second) in enumerate(pairs, start):
        covered, bare = (first, second) if _is_first(seed, first, second) else (second, first)
        found += [Drawn(covered.product, pair, ON), Drawn(bare.product, pair, OFF)]
    return found


def _is_first(seed: str, first: Candidate, second: Candidate) -> bool:
    text = "\n".join((seed, first.product, second.product))
    return sha256(text.encode()).digest()[0] % 2 == 0


@dataclass(frozen=True)
class Followed:
    """A product before and while it was tried, and its half: orders, and of the ``ripe`` ones those
    that came back.
    """

    product: str
    arm: str
    before: int
    after: int
    ripe: int
    returns: int


@dataclass(frozen=True)
class Effect:
    """What cover did. ``uplift`` is the share of more orders, ``returns`` the difference of the
    return rates; None where ``thin`` says why.
    """

    uplift: Interval | None
    returns: Interval | None
    on: int
    off: int
    thin: str


def effect_of(rows: Sequence[Followed], rules: WorthRules) -> Effect:
    """The effect over some products, each on one of the two sides."""
    halves = {arm: [row for row in rows if row.arm == arm] for arm in (ON, OFF)}
    counts = {arm: len(half) for arm, half in halves.items()}
    if min(counts.values()) < rules.least_pairs:
        return Effect(None, None, counts[ON], counts[OFF], TOO_FEW)
    grown = {arm: growth(half) for arm, half in halves.items()}
    on, off = grown[ON], grown[OFF]
    if on is None or off is None:
        return Effect(None, None, counts[ON], counts[OFF], NO_ORDERS)
    back = {arm: ratio_of((row.returns, row.ripe) for row in half) for arm, half in halves.items()}
    one, other = back[ON], back[OFF]
    returns = difference(one, other, rules.confidence) if one and other else None
    return Effect(_uplift(on, off, rules.confidence), returns, counts[ON], counts[OFF], ENOUGH)


def growth(rows: Sequence[Followed]) -> Ratio | None:
    """The logarithm of orders after by orders before, with the error of products being different
    (delta method on the linearised ratio); None where either is nought.
    """
    before, after = sum(row.before for row in rows), sum(row.after for row in rows)
    if not before or not after:
        return None
    parts = [row.after / after - row.before / before for row in rows]
    count = len(rows)
    error = sqrt(sum(part**2 for part in parts) * count / (count - 1)) if count > 1 else inf
    return Ratio(log(after / before), error, count)


def _uplift(on: Ratio, off: Ratio, confidence: float) -> Interval:
    value = on.value - off.value
    reach = sqrt(on.error**2 + off.error**2) * t_point((1 + confidence) / 2, welch(on, off))
    return Interval(exp(value) - 1, exp(value - reach) - 1, _grown(value + reach))


def _grown(value: float) -> float:
    """As a share; without end where the interval has none."""
    try:
        return exp(value) - 1
    except OverflowError:
        return inf


def weeks_more(uplift: Interval, need: float, weeks: int, most: int) -> int | None:
    """How many weeks more would tell the uplift from what is needed, were it as it is now: the
    interval narrows with the root of time. None where that takes more than ``most``.
    """
    distance = abs(uplift.value - need)
    half = (uplift.high - uplift.low) / 2
    if not distance or half == inf:
        return None
    needed = weeks * (half / distance) ** 2
    more = max(int(needed - weeks) + 1, 0)
    return more if more <= most else None
