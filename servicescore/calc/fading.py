"""Which days of the window hold a total down, from daily sums alone."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from servicescore.calc.rules import Floats
from servicescore.calc.standpoint import Standpoint, repeated, scored_again
from servicescore.calc.weekly import Days, stems_of
from servicescore.calc.windows import WindowSums, age_weights


@dataclass(frozen=True)
class DayEffect:
    """A day of the window by its ``age`` (1 is yesterday).

    ``effect`` is the total without the day less the total with it, ``by_metric`` the same for the
    day's records of one metric each; the other shops are held as they are.
    """

    age: int
    effect: float
    by_metric: dict[str, float]


def day_effects(stand: Standpoint, days: Days) -> list[DayEffect]:
    """The days without which the total would be higher, the worst first; none without a total.

    ``days`` is the window of the one shop.
    """
    total = scored_again(stand, stand.sums).total[0]
    if np.isnan(total):
        return []
    names = ["", *stand.rules.metrics]
    parts = [_without_days(stand, days, name) for name in names]
    effects = np.array([scored_again(stand, sums).total - total for sums in parts])
    return sorted(_effects(effects, names), key=lambda one: -one.effect)


def _effects(effects: Floats, names: list[str]) -> Iterator[DayEffect]:
    """``effects`` are [all and each metric, days]."""
    for place, day in enumerate(effects.T):
        if day[0] > 0:
            by_metric = {n: float(e) for n, e in zip(names[1:], day[1:], strict=True) if e > 0}
            yield DayEffect(place + 1, float(day[0]), by_metric)


def _without_days(stand: Standpoint, days: Days, metric: str) -> WindowSums:
    """The sums without each day in turn, of one metric or (empty) of all."""
    rules = stand.rules
    weights = age_weights(rules.window_days, rules.half_life)
    sums = repeated(stand.sums, len(days.rows))
    plain, weighted = dict(sums.plain), dict(sums.weighted)
    for stem, rule in stems_of(rules):
        for column in (f"{stem}_num", f"{stem}_den"):
            if metric in ("", rule.metric.id):
                rows = days.of(column)[:, 0]
                plain[column] = plain[column] - rows
                weighted[column] = weighted[column] - weights * rows
    return WindowSums(plain=plain, weighted=weighted)
