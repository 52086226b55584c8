"""What a metric declares about itself, and the dimensions metrics belong to."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pandas as pd

from servicescore.calc.events import EventRules
from servicescore.calc.facts import Facts

# The parts of a daily statistic: sum of the numerator, count of the denominator, and how many
# records an exclusion keeps out.
PARTS = ("num", "den", "excl")
UNITS = ("stars", "fraction", "hours")


@dataclass(frozen=True)
class Dimension:
    """One of the sides of a shop's service that a score weighs."""

    id: str
    label_zh: str
    label_en: str


DIMENSIONS = (
    Dimension("product", "商品体验", "Product"),
    Dimension("logistics", "物流体验", "Logistics"),
    Dimension("aftersales", "售后体验", "After-sales"),
    Dimension("consult", "咨询体验", "Consultation"),
    Dimension("dispute", "投诉纠纷", "Disputes"),
    # Only a preview joins the last three; no metric names it as its own.
    Dimension("service", "服务体验", "Service"),
)


@dataclass(frozen=True)
class Metric:
    """One metric of the score: what it is called, what it counts, and how a day is counted.

    ``better`` is the good direction. ``scale`` divides the stored integers into the shown unit
    (seconds into hours). ``modes`` are the trade modes a metric is kept and scored apart for.
    ``daily`` turns facts into rows of shop, day (, mode), num, den, excl; it is pure.
    """

    id: str
    label_zh: str
    label_en: str
    dimension: str
    unit: str
    better: str
    anchor_zh: str
    anchor_en: str
    counted_zh: tuple[str, ...]
    counted_en: tuple[str, ...]
    not_counted_zh: tuple[str, ...]
    not_counted_en: tuple[str, ...]
    source: str
    daily: Callable[[Facts, EventRules], pd.DataFrame]
    scale: int = 1
    modes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a declaration no page or calculation could use. Raises ValueError."""
        if self.dimension not in {dimension.id for dimension in DIMENSIONS}:
            raise ValueError(f"{self.id}: there is no dimension {self.dimension}")
        if self.unit not in UNITS:
            raise ValueError(f"{self.id}: the unit is one of {', '.join(UNITS)}")
        if self.better not in ("high", "low"):
            raise ValueError(f"{self.id}: better is high or low")

    @property
    def stems(self) -> tuple[str, ...]:
        """The names its statistics are stored under: the id, or the id with each mode."""
        return tuple(f"{self.id}_{mode}" for mode in self.modes) or (self.id,)

    def columns(self) -> Iterator[str]:
        """Every column of a daily row that belongs to the metric, in storage order."""
        for stem in self.stems:
            for part in PARTS:
                yield f"{stem}_{part}"
