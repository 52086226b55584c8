"""Made-up histories of industries, day by day: what a forecast is tried on.

Every shape differs in what it does to a forecast: volumes from one order a day to two hundred,
a pattern of the week, growth, bad streaks, levels that jump forty days before the score date, and
events so rare that most shops have seen none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from servicescore.calc.rules import Floats
from servicescore.calc.weekly import Days, stems_of
from servicescore.calc.windows import Integers
from servicescore.rules import compiled_score_rules

RULES = compiled_score_rules("service-score-2022")
AHEAD = 60
SINCE_CHANGE = 40
COLUMNS = (
    "signed_orders",
    *(f"{stem}_{part}" for stem, _ in stems_of(RULES) for part in ("num", "den", "excl")),
)
PLACES = {name: place for place, name in enumerate(COLUMNS)}


@dataclass(frozen=True)
class Shape:
    """What the shops of an industry have in common.

    ``volume`` are the fewest and the most orders a day, ``changed`` the share of shops whose
    levels jump, ``growth`` the daily rate of the fastest, ``apart`` how far shops lie from each
    other, ``streaks`` how much single days differ, and ``rare`` scales what seldom happens.
    """

    name: str
    shops: int = 30
    volume: tuple[float, float] = (1, 200)
    changed: float = 0.0
    growth: float = 0.0
    apart: float = 1.0
    streaks: float = 0.05
    rare: float = 1.0


@dataclass(frozen=True)
class History:
    """Days of [days, shops, columns], oldest first: the window and the days ahead of it.

    ``changed`` marks the shops whose levels jumped, ``volume`` is what they sell a day.
    """

    rows: Integers
    changed: np.ndarray
    volume: Floats

    def window(self, ahead: int = 0) -> Days:
        """The window so many days after the score date the forecast is made on."""
        last = RULES.window_days + ahead
        return Days(self.rows[ahead:last][::-1], PLACES)


class Maker:
    """Draws one history after another of a shape."""

    def __init__(self, shape: Shape, chance: np.random.Generator) -> None:
        self.shape = shape
        self.chance = chance
        self.days = RULES.window_days + AHEAD
        self.size = (self.days, shape.shops)

    def history(self) -> History:
        """A new industry."""
        shape, chance = self.shape, self.chance
        rows = np.zeros((*self.size, len(COLUMNS)), dtype=np.int64)
        least, most = np.log(shape.volume)
        volume = np.exp(chance.uniform(least, most, shape.shops))
        self.jumped = chance.random(shape.shops) < shape.changed
        flow = volume * self._week() * self._growth() * chance.gamma(8, 1 / 8, self.size)
        orders = chance.poisson(flow)
        rows[:, :, PLACES["signed_orders"]] = orders
        share = {
            "ship_on_time_rate": (chance.poisson(flow), 0.02, 0.6, 0.9),
            "quality_refund_rate": (orders, 0.015 * shape.rare, 0.5, 0.7),
            "dispute_rate": (orders, 0.004 * shape.rare, 0.6, 0.9),
            "reply_3min_rate": (chance.poisson(flow * 0.5), 0.18, 0.4, 0.5),
        }
        for stem, (den, centre, apart, jump) in share.items():
            self._share(rows, stem, den, self._level(centre, apart, jump))
        self._ratings(rows, chance.binomial(orders, 0.25))
        self._hours(rows, "refund_only_hours", chance.binomial(orders, 0.03), (14, 0.4, 0.4), 1)
        self._hours(rows, "return_refund_hours", chance.binomial(orders, 0.05), (50, 0.4, 0.4), 2)
        bonded = chance.binomial(orders, np.where(chance.random(shape.shops) < 0.2, 0.4, 0))
        self._hours(rows, "pay_to_sign_hours_domestic", orders - bonded, (72, 0.2, 0.2), 4)
        self._hours(rows, "pay_to_sign_hours_bonded", bonded, (108, 0.2, 0.2), 4)
        return History(rows, self.jumped, volume)

    def _week(self) -> Floats:
        weights = self.chance.dirichlet(np.full(7, 20.0), self.shape.shops) * 7
        return weights[:, np.arange(self.days) % 7].T

    def _growth(self) -> Floats:
        rate = self.chance.uniform(-self.shape.growth, self.shape.growth, self.shape.shops)
        day = np.arange(self.days)[:, None] - RULES.window_days
        return np.exp(rate * day)

    def _level(self, centre: float, apart: float, jump: float) -> Floats:
        """A level per day and shop: around the centre, and for some another since the change."""
        chance, shops = self.chance, self.shape.shops
        before = centre * np.exp(chance.normal(0, apart * self.shape.apart, shops))
        after = before * np.exp(chance.normal(0, jump, shops))
        day = np.arange(self.days)[:, None]
        is_after = (day >= RULES.window_days - SINCE_CHANGE) & self.jumped
        return np.where(is_after, after, before)

    def _share(self, rows: Integers, stem: str, den: Integers, level: Floats) -> None:
        streak = self.chance.gamma(1 / self.shape.streaks, self.shape.streaks, self.size)
        bad = self.chance.binomial(den, np.clip(level * streak, 0, 0.97))
        is_high = RULES.metrics[stem].metric.better == "high"
        rows[:, :, PLACES[f"{stem}_den"]] = den
        rows[:, :, PLACES[f"{stem}_num"]] = den - bad if is_high else bad

    def _ratings(self, rows: Integers, den: Integers) -> None:
        low = self.chance.binomial(den, np.clip(self._level(0.07, 0.5, 0.6), 0, 0.5))
        stars = 5 * den - 2 * low - self.chance.binomial(low, 0.5) * 2
        rows[:, :, PLACES["product_rating_den"]] = den
        rows[:, :, PLACES["product_rating_num"]] = stars

    def _hours(
        self,
        rows: Integers,
        stem: str,
        den: Integers,
        level: tuple[float, float, float],
        shape: float,
    ) -> None:
        seconds = self._level(*level) * 3600
        drawn = self.chance.gamma(np.maximum(shape * den, 1e-9), 1 / shape) * seconds
        rows[:, :, PLACES[f"{stem}_den"]] = den
        rows[:, :, PLACES[f"{stem}_num"]] = np.where(den > 0, drawn, 0)
