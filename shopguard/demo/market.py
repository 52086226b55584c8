"""The shops of the demo and where they stand, read from ``data/shops.toml``."""

import tomllib
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from shopguard.demo.draws import Floats, Ints

DATA = Path(__file__).parent / "data"
TRADE_MODES = ("domestic", "bonded", "direct")
_NEWCOMER_DAYS = 40


@cache
def read(name: str) -> dict[str, Any]:
    """The tables of ``data/<name>.toml``."""
    with (DATA / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


@dataclass(frozen=True)
class Shop:
    """One shop. ``size`` is orders a day in an ordinary week, ``standing`` a number from 3 to 5.

    ``number`` is the part of the id behind the dash; random numbers hang on it, not on the place
    in a list.
    """

    id: str
    name: str
    industry: str
    line: str
    kind: str
    province: str
    size: float
    standing: float
    category: str = ""
    role: str = ""
    platform: str = "xiaohongshu"
    live: float = 0.05
    made_to_order: float = 0.0
    modes: dict[str, float] = field(default_factory=lambda: {"domestic": 1.0})
    strengths: dict[str, float] = field(default_factory=dict)

    @property
    def number(self) -> int:
        """The digits of the id: what the shop's random numbers hang on."""
        return int(self.id.rpartition("-")[2])

    @property
    def main_category(self) -> str:
        """The category of its own, else its industry."""
        return self.category or self.industry

    def opened_on(self, today: date) -> date:
        """A newcomer opened forty days ago, everybody else years ago."""
        if self.role == "newcomer":
            return today - timedelta(days=_NEWCOMER_DAYS)
        return date(today.year - 3 - self.number % 4, 1 + self.number % 12, 1 + self.number % 28)


def shops(limit: int | None = None) -> tuple[Shop, ...]:
    """The first ``limit`` shops of the file in its order; the characters come first."""
    rows = read("shops")["shops"]
    return tuple(Shop(**row) for row in rows[:limit])


@dataclass(frozen=True)
class Market:
    """The shops and the days one run of the generator covers: ``first`` … ``today`` − 1."""

    shops: tuple[Shop, ...]
    first: date
    today: date

    @property
    def days(self) -> Ints:
        """Day numbers since 1970-01-01 of every day covered."""
        start = (self.first - date(1970, 1, 1)).days
        return np.arange(start, start + (self.today - self.first).days, dtype=np.int64)

    @property
    def numbers(self) -> Ints:
        """Number of every shop, in order."""
        return np.array([shop.number for shop in self.shops], dtype=np.int64)

    def of_industry(self, table: dict[str, float]) -> Floats:
        """One value a shop from a table by industry."""
        return np.array([table[shop.industry] for shop in self.shops], dtype=np.float64)

    def where(self, role: str) -> list[int]:
        """Places of the shops that play ``role``."""
        return [place for place, shop in enumerate(self.shops) if shop.role == role]
