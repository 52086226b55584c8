"""The moves of a what-if as its address writes them: one figure per metric, in the unit shown."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from servicescore.calc.declaration import Metric
from servicescore.calc.what_if import Move

# More characters than any figure of a metric has.
LONGEST = 16
# A rate that can move by less than this many percentage points is shown with three decimals.
FINE_REACH = 10.0


@dataclass(frozen=True)
class Scale:
    """The slider of a metric in the unit people read: ``worst`` at its left, ``best`` at its right.

    ``places`` are the decimals of figures on it.
    """

    metric: Metric
    worst: float
    best: float
    places: int

    @classmethod
    def of(cls, metric: Metric, reach: tuple[float, float]) -> "Scale":
        """From the worst and the best value in the unit of calculation."""
        factor = factor_of(metric)
        worst, best = (value * factor for value in reach)
        places = {"hours": 1, "stars": 2, "fraction": 2}[metric.unit]
        if metric.unit == "fraction" and abs(best - worst) < FINE_REACH:
            places += 1
        return cls(metric, worst, best, places)

    def text(self, value: float) -> str:
        """A value in the unit of calculation as a field holds it."""
        return f"{value * factor_of(self.metric):.{self.places}f}"

    def towards_best(self, value: float) -> str:
        """The same, rounded so that it is never worse than ``value``."""
        step = 10.0**self.places
        exact = round(value * factor_of(self.metric) * step, self.places + 3)
        whole = math.ceil(exact) if self.best > self.worst else math.floor(exact)
        return f"{whole / step:.{self.places}f}"

    def read(self, text: str) -> float | None:
        """A figure of an address held inside the scale; None for what is no figure."""
        try:
            shown = float(text) if text.isascii() and len(text) <= LONGEST else math.nan
        except ValueError:
            return None
        if not math.isfinite(shown):
            return None
        low, high = sorted((self.worst, self.best))
        return min(max(shown, low), high) / factor_of(self.metric)

    def share(self, value: float) -> float:
        """Where a value lies between the worst, 0, and the best, 1."""
        span = self.best - self.worst
        place = (value * factor_of(self.metric) - self.worst) / span if span else 1.0
        return min(max(place, 0.0), 1.0)


def factor_of(metric: Metric) -> float:
    """From the unit of calculation to the one people read: rates in per cent."""
    return 100.0 if metric.unit == "fraction" else 1.0


def moves_asked(
    asked: Mapping[str, str], scales: Mapping[str, Scale], current: Mapping[str, float]
) -> list[Move]:
    """The metrics an address moves: those whose figure reads differently from today's."""
    moves = []
    for name, scale in scales.items():
        value = scale.read(asked.get(name, "").strip())
        if value is not None and scale.text(value) != scale.text(current[name]):
            moves.append(Move(name, value=value))
    return moves
