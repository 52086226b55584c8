"""At what level each metric of each shop stands now, and how well that is known.

A shop works as it always did, or otherwise since some week. How likely each is follows from how
far the weeks since lie from those before, measured by how far weeks differ anyway; metrics change
together, but not all of them need to. The level itself leans on the industry where a shop has few
records, so that what has not happened yet can happen.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from servicescore.calc.outlook_rules import OutlookRules
from servicescore.calc.rules import Floats, ScoreRules
from servicescore.calc.weekly import Days, Weekly, by_week, ratio, weekly_sums
from servicescore.calc.windows import Integers

ALMOST_NOTHING = float(np.finfo(np.float32).eps)


@dataclass(frozen=True)
class Level:
    """One stem over the shops of an industry.

    Arrays of [weeks, shops]: ``mean`` and ``var`` of the level in the shown unit, where entry c is
    that since a change c weeks ago and entry 0 that of the whole time; ``changed`` is how likely
    the metric changed if the shop did c weeks ago, ``gain`` the log of how much better a change
    explains the weeks. ``noise`` is the variance of a single record, by shop.
    """

    mean: Floats
    var: Floats
    gain: Floats
    changed: Floats
    noise: Floats


@dataclass(frozen=True)
class Levels:
    """All stems of an industry.

    ``chance`` [weeks, shops] is how likely a shop changed c weeks ago, entry 0 that it did not;
    ``volume`` likewise for how much there is to do. ``weeks`` are those since the first record.
    """

    stems: Mapping[str, Level]
    chance: Floats
    volume: Floats
    weeks: Integers

    def mixed(self, stem: str) -> tuple[Floats, Floats]:
        """Mean and variance of the level of each shop, whatever changed and when."""
        level = self.stems[stem]
        likely = self.chance * level.changed
        likely[0] = 1 - likely[1:].sum(axis=0)
        mean = (likely * level.mean).sum(axis=0)
        square = (likely * (level.mean**2 + level.var)).sum(axis=0)
        return mean, np.maximum(square - mean**2, 0)


def levels_of(days: Days, rules: ScoreRules, outlook: OutlookRules) -> Levels:
    """The levels of the shops of an industry from their days."""
    orders = by_week(days.of("signed_orders"), outlook)
    found = {
        stem: stem_level(weekly, outlook)
        for stem, weekly in weekly_sums(days, rules, outlook).items()
    }
    share = outlook.metric_changes
    together = np.zeros_like(orders)
    for level in found.values():
        together += np.logaddexp(np.log1p(-share), np.log(share) + level.gain)
    stems = {
        stem: replace(level, changed=1 / (1 + (1 - share) / share * np.exp(-level.gain)))
        for stem, level in found.items()
    }
    weeks = [max(np.flatnonzero(days.rows[:, shop].any(axis=1)), default=0) for shop in _each(days)]
    return Levels(
        stems=stems,
        chance=_chance(together, outlook),
        volume=_chance(_volume_gain(orders, outlook), outlook),
        weeks=np.clip(np.array(weeks, dtype=np.int64) // outlook.block + 1, 1, len(orders)),
    )


def _each(days: Days) -> range:
    return range(days.rows.shape[1])


def stem_level(weekly: Weekly, outlook: OutlookRules) -> Level:
    """The level of one stem; what is ``changed`` is worked out over all stems.

    Of a share the industry counts like records seen before (a beta distribution), so that a shop
    without a single miss is not taken for one that never misses.
    """
    den, num = weekly.den.sum(axis=0), weekly.num.sum(axis=0)
    pooled = float(num.sum() / den.sum()) if den.sum() > 0 else 0.0
    centre, spread, mean = pooled, weekly.typical**2, np.full(den.shape, pooled)
    # The noise of a share depends on the level, and what the industry's levels are on the noise.
    for _ in range(2):
        noise = _noise(weekly, mean, outlook)
        usual = noise * scatter_of(weekly, np.full(den.shape, centre)) / scatter_of(weekly, mean)
        centre, spread = _industry(ratio(num, den, np.nan), den, usual, pooled, weekly, outlook)
        precision = den / usual + 1 / spread
        mean = (num / usual + centre / spread) / precision
    noise = _noise(weekly, mean, outlook)
    var = noise / usual / precision
    return _with_changes(weekly, (mean, var), noise, (centre, spread), outlook)


def scatter_of(weekly: Weekly, level: Floats) -> Floats:
    """The variance of single records that know nothing of each other, where a level tells it."""
    if not weekly.is_share:
        return np.ones_like(level)
    return np.maximum(level * (1 - level), ALMOST_NOTHING)


def _with_changes(
    weekly: Weekly,
    whole: tuple[Floats, Floats],
    noise: Floats,
    industry: tuple[float, float],
    outlook: OutlookRules,
) -> Level:
    """The level of the whole time, and below it that since each week on which it may have changed.

    A new level is the old one and a jump of unknown size; jumps are as wide as levels differ among
    shops and anchors lie apart.
    """
    (mean, var), (centre, spread) = whole, industry
    den, num = weekly.den.cumsum(axis=0), weekly.num.cumsum(axis=0)
    new_den, old_den = den[:-1], den[-1] - den[:-1]
    known = (new_den > 0) & (old_den > 0)
    old_var = 1 / (old_den / noise + 1 / spread)
    old = ((num[-1] - num[:-1]) / noise + centre / spread) * old_var
    away = ratio(num[:-1], new_den, 0) - old
    jump = 2 * spread + (outlook.jump * weekly.typical) ** 2
    of_data = ratio(noise, new_den, np.inf)
    share = np.where(known, jump / (of_data + old_var + jump), 0)
    gain = (np.log1p(-share) + ratio(away**2, of_data + old_var, 0) * share) / 2
    kept = np.where(known, (jump + old_var) / (jump + old_var + of_data), 0)
    nothing = np.zeros((1, len(mean)))
    return Level(
        mean=np.vstack([mean, np.where(known, old + kept * away, mean)]),
        var=np.vstack([var, np.where(known, (1 - kept) * (jump + old_var), var)]),
        gain=np.vstack([nothing, np.where(known, gain, 0)]),
        changed=np.vstack([nothing, nothing]),
        noise=noise,
    )


def _noise(weekly: Weekly, level: Floats, outlook: OutlookRules) -> Floats:
    """The variance of a single record of each shop, from how its weeks differ from the next.

    Neighbours are compared, so that a change of level hardly counts. A shop with few weeks leans
    on the industry; a share is never less noisy than records that know nothing of each other.
    """
    newer, older = weekly.den[:-1], weekly.den[1:]
    both = (newer > 0) & (older > 0)
    step = ratio(weekly.num[:-1], newer, 0) - ratio(weekly.num[1:], older, 0)
    spread = ratio(np.ones_like(newer), newer, 0) + ratio(np.ones_like(older), older, 0)
    alone = scatter_of(weekly, level)
    squares = np.where(both, ratio(step**2, spread, 0), 0).sum(axis=0) / alone
    pairs, lean = both.sum(axis=0), outlook.lean
    least = 1.0 if weekly.is_share else ALMOST_NOTHING * weekly.typical**2
    usual = least if weekly.is_share else weekly.typical**2
    common = max(squares.sum() / pairs.sum() if pairs.sum() else usual, least)
    noise: Floats = alone * np.maximum((squares + lean * common) / (pairs + lean), least)
    return noise


def _industry(
    own: Floats, den: Floats, noise: Floats, pooled: float, weekly: Weekly, outlook: OutlookRules
) -> tuple[float, float]:
    """Mean and variance of the levels of an industry, the noise of each shop's own taken off.

    The moments of DerSimonian and Laird; with two shops or fewer, as wide as anchors lie apart.
    """
    known = den > 0
    if known.sum() <= 2:
        return pooled, weekly.typical**2
    rates, weight = own[known], den[known] / noise[known]
    middle = (weight * rates).sum() / weight.sum()
    scatter = (weight * (rates - middle) ** 2).sum()
    room = weight.sum() - (weight**2).sum() / weight.sum()
    spread = max((scatter - (known.sum() - 1)) / room, 0.0)
    # Anchors count like one shop more, so that a few shops alike do not make it seem certain.
    shops = known.sum()
    spread = (spread * (shops - 1) + (outlook.jump * weekly.typical) ** 2) / shops
    weight = 1 / (spread + 1 / weight)
    return float((weight * rates).sum() / weight.sum()), float(spread)


def _volume_gain(orders: Floats, outlook: OutlookRules) -> Floats:
    """The log gain of a change of volume c weeks ago, from the orders of each week."""
    weeks = len(orders)
    since = np.arange(1, weeks)[:, None]
    mean = orders.mean(axis=0)
    steps = (np.diff(orders, axis=0) ** 2).mean(axis=0) / 2
    noise = np.maximum(np.maximum(steps, mean), ALMOST_NOTHING)
    newest = orders.cumsum(axis=0)[:-1]
    away = newest / since - (orders.sum(axis=0) - newest) / (weeks - since)
    var = noise * (1 / since + 1 / (weeks - since))
    jump = (outlook.volume_jump * mean) ** 2
    share = jump / (var + jump)
    gain = (np.log1p(-share) + away**2 / var * share) / 2
    return np.vstack([np.zeros((1, len(mean))), gain])


def _chance(gain: Floats, outlook: OutlookRules) -> Floats:
    """How likely a change was c weeks ago, from its log gain; entry 0 that there was none."""
    before = np.full((len(gain), 1), np.log(outlook.change / (len(gain) - 1)))
    before[0] = np.log1p(-outlook.change)
    odds = gain + before
    odds = np.exp(odds - odds.max(axis=0))
    chance: Floats = odds / odds.sum(axis=0)
    return chance
