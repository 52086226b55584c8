"""Where the other shops of an industry may stand on the days to come.

A peer's value goes on being a weighted mean: of the days it has, which are known, and of days at
its present level, which are not. So its place is a distribution about a mean, and how many peers
are better than a value is a mean and a spread. A share may also have nothing against it at all,
which is a place of its own, shared by all who have it.
"""

from dataclasses import dataclass

import numpy as np

from servicescore.calc.levels import Levels
from servicescore.calc.outlook_rules import OutlookRules
from servicescore.calc.ranking import Flags, goodness
from servicescore.calc.rules import Floats, MetricRule, ScoreRules
from servicescore.calc.weekly import Days, by_week
from servicescore.calc.windows import Integers, age_weights

# The slope at which a logistic curve is as wide as the normal one.
SLOPE = float(np.pi / np.sqrt(1 + 2))
STEEPEST = 60
ALMOST_NOTHING = float(np.finfo(np.float32).eps)


@dataclass(frozen=True)
class Places:
    """One stem's values on some days ahead, [days ahead, shops], turned so that more is better.

    What cannot be better than ``limit`` falls short of it by something that is never negative and
    lies askew, so ``mean`` and ``spread`` are of its logarithm; without a limit (infinite) they
    are of the value. ``clean`` is how likely nothing counts against a share: its value is then
    the limit, and mean and spread are of the other cases.
    """

    mean: Floats
    spread: Floats
    clean: Floats
    limit: float

    def of(self, chosen: Flags) -> "Places":
        """Those of some shops."""
        return Places(
            self.mean[:, chosen], self.spread[:, chosen], self.clean[:, chosen], self.limit
        )

    def around(self) -> Floats:
        """Values about where the shops may stand: [days ahead, some per shop]."""
        marks = [self.mean + times * self.spread for times in (-2, -1, 0, 1, 2)]
        found = np.concatenate(marks, axis=1)
        return self.limit - np.exp(found) if np.isfinite(self.limit) else found

    def better_than(self, grid: Floats) -> Floats:
        """How likely each is better than each point of a grid: [days ahead, shops, points]."""
        if np.isfinite(self.limit):
            short = np.log(np.maximum(self.limit - grid, ALMOST_NOTHING**2))[:, None, :]
            away = (short - self.mean[:, :, None]) / self.spread[:, :, None]
        else:
            away = (self.mean[:, :, None] - grid[:, None, :]) / self.spread[:, :, None]
        likely = 1 / (1 + np.exp(np.clip(-SLOPE * away, -STEEPEST, STEEPEST)))
        clean = self.clean[:, :, None]
        better: Floats = clean + (1 - clean) * likely
        return better


@dataclass(frozen=True)
class Peers:
    """The shops of an industry in which a stem is present, together.

    ``better`` and ``scatter`` are mean and variance of how many are better than the points of
    ``grid``, all [days ahead, points].
    """

    places: Places
    present: Flags
    grid: Floats
    better: Floats
    scatter: Floats


@dataclass(frozen=True)
class Rivals:
    """The peers of one shop as its simulated paths meet them: how many are better is a draw.

    ``luck`` is the draw of each path and ``rows`` the row of the grid of each day ahead. Values
    are given by day ahead, those of all paths together.
    """

    count: int
    grid: Floats
    better: Floats
    spread: Floats
    limit: float
    luck: Floats
    rows: Integers

    def __len__(self) -> int:
        return self.count

    def better_than(self, own: Floats) -> Floats:
        """How many are better than each value, as it turns out on its path."""
        values = own.reshape(len(self.rows), len(self.luck))
        found = np.zeros_like(values)
        for day, row in enumerate(self.rows):
            mean = np.interp(values[day], self.grid[row], self.better[row])
            spread = np.interp(values[day], self.grid[row], self.spread[row])
            found[day] = mean + spread * self.luck
        found = np.where(values >= self.limit, 0, np.clip(np.rint(found), 0, self.count))
        flat: Floats = found.reshape(own.shape)
        return flat


def peers_of(
    days: Days,
    stem: str,
    rule: MetricRule,
    rules: ScoreRules,
    levels: Levels,
    outlook: OutlookRules,
    ahead: Integers,
) -> Peers:
    """The peers in one stem on the days ``ahead`` (1 is tomorrow's score)."""
    places = places_of(days, stem, rule, rules, levels, outlook, ahead)
    present = presence_in(days, stem, rule)
    chosen = places.of(present)
    if not present.any():
        nothing = np.zeros((len(ahead), 1))
        return Peers(places, present, nothing, nothing, nothing)
    grid = np.quantile(chosen.around(), np.linspace(0, 1, outlook.grid), axis=1).T
    better = chosen.better_than(grid)
    scatter = better * (1 - better)
    return Peers(places, present, grid, better.sum(axis=1), scatter.sum(axis=1))


def rivals_of(peers: Peers, shop: int, luck: Floats, rows: Integers) -> Rivals:
    """The peers as one of the shops meets them, itself left out."""
    better, scatter = peers.better, peers.scatter
    count = int(peers.present.sum())
    if peers.present[shop]:
        own = peers.places.of(np.arange(len(peers.present)) == shop).better_than(peers.grid)[:, 0]
        better, scatter, count = better - own, scatter - own * (1 - own), count - 1
    spread = np.sqrt(np.maximum(scatter, 0))
    return Rivals(count, peers.grid, better, spread, peers.places.limit, luck, rows)


def presence_in(days: Days, stem: str, rule: MetricRule) -> Flags:
    """The shops in which a stem is present today."""
    whole = sum((days.of(f"{one}_den").sum(axis=0) for one in rule.metric.stems), np.zeros(1))
    own = days.of(f"{stem}_den").sum(axis=0)
    present: Flags = (whole >= rule.minimum) & (own >= max(rule.minimum_per_mode, 1))
    return present


def places_of(
    days: Days,
    stem: str,
    rule: MetricRule,
    rules: ScoreRules,
    levels: Levels,
    outlook: OutlookRules,
    ahead: Integers,
) -> Places:
    """Where every shop of the industry may stand in one stem on the days ``ahead``."""
    weights = age_weights(rules.window_days, rules.half_life)
    num, den = days.of(f"{stem}_num"), days.of(f"{stem}_den")
    left = rules.window_days - ahead - 1
    fading = weights[ahead][:, None]
    kept_num = fading * (weights[:, None] * num).cumsum(axis=0)[left] / rule.metric.scale
    kept_den = fading * (weights[:, None] * den).cumsum(axis=0)[left]
    per_day = volume_of(den, levels, outlook)
    coming = weights.cumsum()[ahead - 1][:, None] * per_day
    squares = (weights**2).cumsum()[ahead - 1][:, None] * per_day
    level, var = levels.mixed(stem)
    total = np.maximum(kept_den + coming, ALMOST_NOTHING)
    value = (kept_num + coming * level) / total
    spread = np.sqrt(levels.stems[stem].noise * squares + coming**2 * var) / total
    clean = np.zeros_like(value)
    if rule.metric.unit == "fraction":
        is_high = rule.metric.better == "high"
        bad, rate = (den - num, 1 - level) if is_high else (num, level)
        expected = np.maximum(rate, 0) * per_day * ahead[:, None]
        clean = np.where(bad.cumsum(axis=0)[left] > 0, 0, np.exp(-expected))
    return _placed(rule, value, spread, clean)


def _placed(rule: MetricRule, value: Floats, spread: Floats, clean: Floats) -> Places:
    """Places from mean and spread of the values, in the shown unit, and the chance of none bad."""
    if rule.metric.unit == "stars":
        least = ALMOST_NOTHING * (1 + np.abs(value))
        return Places(goodness(value, rule.metric.better), np.maximum(spread, least), clean, np.inf)
    is_high = rule.metric.better == "high"
    short = np.maximum(1 - value if is_high else value, ALMOST_NOTHING)
    # Mean and square of what falls short in the cases in which something does.
    some = np.maximum(1 - clean, ALMOST_NOTHING)
    square = (short**2 + spread**2) / some
    short = short / some
    width = np.log(np.maximum(square / short**2, 1 + ALMOST_NOTHING))
    return Places(np.log(short) - width / 2, np.sqrt(width), clean, 1.0 if is_high else 0.0)


def volume_of(den: Integers, levels: Levels, outlook: OutlookRules) -> Floats:
    """How many records a day brings each shop, of a column of [days, shops]."""
    so_far = by_week(den, outlook).cumsum(axis=0)
    weeks = np.arange(1, len(so_far))[:, None]
    whole = so_far[-1:] / levels.weeks
    per_week = (levels.volume * np.vstack([whole, so_far[:-1] / weeks])).sum(axis=0)
    per_day: Floats = per_week / outlook.block
    return per_day
