"""How far a total may be off because it is counted from so few records."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from servicescore.calc.levels import scatter_of, stem_level
from servicescore.calc.outlook_rules import OutlookRules
from servicescore.calc.rules import Floats
from servicescore.calc.standpoint import Standpoint, repeated, scored_again
from servicescore.calc.weekly import Days, Weekly, stems_of, weekly_sums
from servicescore.calc.windows import WindowSums, age_weights


@dataclass(frozen=True)
class Interval:
    """Where a total could as well lie, its records being a sample of what the shop does."""

    low: float
    high: float


def total_interval(
    stand: Standpoint, days: Days, outlook: OutlookRules, chance: Generator
) -> Interval | None:
    """The middle 80 % of the totals of a shop that works as well as its records say; None without.

    ``days`` is the window of the one shop. Every value is drawn from what is known of it: a share
    from a beta distribution with as many records as its weights are worth, a mean from a normal
    one as wide as its weeks differ. The other shops and what is present stay as they are.
    """
    total = scored_again(stand, stand.sums).total[0]
    if np.isnan(total):
        return None
    weekly = weekly_sums(days, stand.rules, outlook)
    sums = repeated(stand.sums, outlook.paths)
    drawn = {}
    for stem, rule in stems_of(stand.rules):
        den = float(stand.sums.weighted[f"{stem}_den"][0])
        if den > 0:
            value = float(stand.sums.weighted[f"{stem}_num"][0]) / den / rule.metric.scale
            weights = age_weights(stand.rules.window_days, stand.rules.half_life)
            squares = float((weights**2 * days.of(f"{stem}_den")[:, 0]).sum())
            values = _values(weekly[stem], value, den**2 / max(squares, 1), outlook, chance)
            drawn[f"{stem}_num"] = values * den * rule.metric.scale
    found = scored_again(stand, WindowSums(sums.plain, {**sums.weighted, **drawn})).total
    low, high = np.nanquantile(found, [outlook.low, outlook.high])
    return Interval(float(min(low, total)), float(max(high, total)))


def _values(
    weekly: Weekly, value: float, records: float, outlook: OutlookRules, chance: Generator
) -> Floats:
    """Draws of a stem's value; ``records`` is how many of equal weight would say as much."""
    level = stem_level(weekly, outlook)
    if not weekly.is_share:
        return chance.normal(value, np.sqrt(level.noise[0] / records), outlook.paths)
    alike = level.noise[0] / scatter_of(weekly, level.mean[0])[0]
    worth = records / alike
    share = min(max(value, 0.0), 1.0)
    return chance.beta(share * worth + 1 / 2, (1 - share) * worth + 1 / 2, outlook.paths)
