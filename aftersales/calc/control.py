"""The usual range of a daily rate: a p-chart that neither small days nor lively shops set off.

The middle is the pooled rate of complete days. A day's range is the wider of two: the exact
binomial one of its size, and Laney's p' with as much more scatter between days as there is.
Days outside are left out of the middle and it is drawn again, once, so that a bad week does not
hide itself.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aftersales.calc.diagnostic_rules import ControlRules
from aftersales.calc.exact import LongFloats, log_factorials
from aftersales.calc.lines import Flags, Integers

Floats = NDArray[np.float64]

# So many standard deviations, and so many cases, from the middle of a binomial there is less left
# than numbers can tell: it moves no end of the range.
FAR = float(np.sqrt(-2 * np.log(np.finfo(np.longdouble).eps)))


@dataclass(frozen=True)
class Control:
    """``middle`` is None where too few days are complete; ``low`` and ``high`` are rates per day,
    NaN for a day of nothing. ``outside`` is true only of complete days.
    """

    middle: float | None
    low: Floats
    high: Floats
    outside: Flags


def control(n: Integers, k: Integers, is_complete: Flags, rules: ControlRules) -> Control:
    """The usual range of ``k`` by ``n``, day by day."""
    usable = is_complete & (n > 0)
    if int(usable.sum()) < rules.least_days:
        unknown = np.full(len(n), np.nan)
        return Control(None, unknown, unknown, np.zeros(len(n), dtype=bool))
    drawn = _drawn(n, k, usable, usable, rules)
    calm = usable & ~drawn.outside
    return _drawn(n, k, usable, calm if int(calm.sum()) >= rules.least_days else usable, rules)


def _drawn(n: Integers, k: Integers, usable: Flags, among: Flags, rules: ControlRules) -> Control:
    middle = float(k[among].sum() / n[among].sum())
    low, high = np.full(len(n), np.nan), np.full(len(n), np.nan)
    some = n > 0
    if 0 < middle < 1:
        error = np.sqrt(middle * (1 - middle) / n[some])
        wide = rules.sigmas * error * _scatter(n[among], k[among], middle, rules)
        least, most = _binomial_range(n[some], middle, rules.tail)
        low[some] = np.maximum(np.minimum(middle - wide, least / n[some]), 0)
        high[some] = np.minimum(np.maximum(middle + wide, most / n[some]), 1)
    else:
        low[some] = high[some] = middle
    rate = np.divide(k, n, out=np.zeros(len(n)), where=some)
    outside = usable & ((rate < low) | (rate > high))
    return Control(middle, low, high, outside)


def _scatter(n: Integers, k: Integers, middle: float, rules: ControlRules) -> float:
    """How many times more the days differ than chance makes them, never less than once."""
    z = (k / n - middle) / np.sqrt(middle * (1 - middle) / n)
    if len(z) < 2:
        return 1.0
    return max(float(np.abs(np.diff(z)).mean()) / rules.moving_range, 1.0)


def _binomial_range(n: Integers, share: float, tail: float) -> tuple[Integers, Integers]:
    """The least and the most that leave at most ``tail`` beyond them on their side."""
    ln = log_factorials(int(n.max()))
    sizes, places = np.unique(n, return_inverse=True)
    reach = np.ceil(FAR * np.sqrt(sizes * share * (1 - share)) + FAR).astype(np.int64)
    from_k = np.maximum(np.rint(sizes * share).astype(np.int64) - reach, 0)
    k = from_k[:, None] + np.arange(int(2 * reach.max()) + 1)
    is_there = k <= sizes[:, None]
    below = np.cumsum(np.where(is_there, _point(ln, sizes[:, None], k, share), 0.0), axis=1)
    least = from_k + (below <= tail).sum(axis=1)
    most = from_k + (below < 1 - tail).sum(axis=1)
    return least[places], np.minimum(most, sizes)[places]


def _point(ln: LongFloats, n: Integers, k: Integers, share: float) -> Floats:
    """The chance of exactly ``k`` of ``n``; of anything where there are no so many."""
    k = np.minimum(k, n)
    point = ln[n] - ln[k] - ln[n - k] + k * np.log(share) + (n - k) * np.log1p(-share)
    return np.asarray(np.exp(point.astype(np.float64)))
