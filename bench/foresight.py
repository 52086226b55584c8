"""How often the band of the forecast held what came, and how far off its middle was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from bench.histories import AHEAD, PLACES, RULES, History, Maker, Shape
from servicescore.calc.forecast import band_of, prospect_of
from servicescore.calc.outlook_rules import OutlookRules
from servicescore.calc.rules import Floats
from servicescore.calc.scoring import IndustryScores, industry_scores
from servicescore.calc.weekly import Days
from servicescore.calc.windows import window_sums
from servicescore.rules import compiled_outlook_rules

HORIZONS = (7, 14, 28, 60)
# What lies outside a band of 80 % costs ten times its distance.
COST = 10
OUTLOOK = compiled_outlook_rules()


@dataclass(frozen=True)
class Tried:
    """Forecasts and what came, one entry per shop and horizon."""

    horizon: Floats
    volume: Floats
    before: Floats
    came: Floats
    expected: Floats
    low: Floats
    high: Floats

    def of(self, chosen: np.ndarray) -> Tried:
        """Some of the entries."""
        return Tried(*(column[chosen] for column in vars(self).values()))

    @property
    def held(self) -> float:
        """The share of totals inside their band."""
        return float(((self.low <= self.came) & (self.came <= self.high)).mean())

    @property
    def error(self) -> float:
        """The mean distance of the expected total from the one that came."""
        return float(np.abs(self.expected - self.came).mean())

    @property
    def error_of_today(self) -> float:
        """The mean distance of today's total from the one that came."""
        return float(np.abs(self.before - self.came).mean())

    @property
    def cost(self) -> float:
        """The interval score of the band: its width and what lies outside."""
        return _cost(self.low - self.came, self.high - self.came)

    @property
    def cost_of_best_constant(self) -> float:
        """That of the best band of one width around today's total, chosen in hindsight."""
        moved = self.came - self.before
        lows = np.quantile(moved, np.linspace(0.02, 0.3, 15))
        highs = np.quantile(moved, np.linspace(0.7, 0.98, 15))
        return min(_cost(low - moved, high - moved) for low in lows for high in highs)

    def thirds(self) -> list[Tried]:
        """By size of the shop."""
        size = np.digitize(self.volume, np.quantile(self.volume, [1 / 3, 2 / 3]))
        return [self.of(size == third) for third in range(3)]

    def at(self, horizon: int) -> Tried:
        """Those so many days ahead."""
        return self.of(self.horizon == horizon)


def _cost(low: Floats, high: Floats) -> float:
    outside = np.maximum(low, 0) + np.maximum(-high, 0)
    return float((high - low + COST * outside).mean())


def tried(
    shape: Shape,
    industries: int,
    seed: int,
    outlook: OutlookRules = OUTLOOK,
    *,
    only_changed: bool = False,
) -> Tried:
    """Forecast every shop of some industries and compare with the totals that come."""
    chance = np.random.default_rng(seed)
    rows: list[tuple[float, ...]] = []
    for _ in range(industries):
        history = Maker(shape, chance).history()
        rows += _tried(history, outlook, seed, only_changed=only_changed)
    return Tried(*np.array(rows, dtype=np.float64).T)


def _tried(
    history: History, outlook: OutlookRules, seed: int, *, only_changed: bool
) -> Iterable[tuple[float, ...]]:
    before = scores_of(history.window()).total
    came = {days: scores_of(history.window(days)).total for days in HORIZONS}
    prospect = prospect_of(history.window(), RULES, outlook, "made-up", {}, AHEAD)
    for shop, total in enumerate(before):
        if np.isnan(total) or (only_changed and not history.changed[shop]):
            continue
        band = band_of(prospect, shop, np.random.default_rng([seed, shop]))
        for days in HORIZONS:
            found = (band.expected[days - 1], band.low[days - 1], band.high[days - 1])
            if not np.isnan([came[days][shop], *found]).any():
                yield (days, history.volume[shop], total, came[days][shop], *found)


def scores_of(days: Days) -> IndustryScores:
    """The scores of a window, by the code of the night."""
    sums = window_sums(days.rows, list(PLACES), RULES.half_life)
    return industry_scores(sums, RULES, "made-up", {})
