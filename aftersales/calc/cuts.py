"""What a cut of order lines declares: its name, and the value of every line."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from aftersales.calc.finding_rules import FindingRules
from aftersales.calc.lines import UNKNOWN, Integers, Lines
from shopguard.lib.days import SECONDS_PER_DAY, SECONDS_PER_HOUR, SHANGHAI_OFFSET_SECONDS

HOURS = SECONDS_PER_DAY // SECONDS_PER_HOUR


@dataclass(frozen=True)
class Coded:
    """The value of each line as a place in ``values``, UNKNOWN where it has none.

    ``is_from`` means at least: a line of place 2 also belongs to the values 1 and 0.
    """

    codes: Integers
    values: Sequence[str]
    is_from: bool = False


@dataclass(frozen=True)
class Cut:
    """One way to cut the lines of a shop. ``coded`` gives the value of every line."""

    name: str
    label_zh: str
    label_en: str
    coded: Callable[[Lines, FindingRules], Coded]


def labelled(lines: Lines, name: str) -> Coded:
    """The texts of a column as they were imported; an empty one is unknown."""
    labels, codes = lines.labels[name], lines.texts[name]
    counts = np.bincount(codes, minlength=len(labels)) if len(codes) else np.zeros(len(labels))
    used = np.flatnonzero((counts > 0) & (labels != ""))
    place = np.full(len(labels), UNKNOWN, dtype=np.int64)
    place[used] = np.arange(len(used))
    return Coded(place[codes], labels[used].tolist())


def placing_hours(lines: Lines) -> Integers:
    """The hour of the clock in Shanghai at which each line was placed."""
    seconds = (lines.numbers["placed"] + SHANGHAI_OFFSET_SECONDS) % SECONDS_PER_DAY
    return seconds // SECONDS_PER_HOUR


def banded(amounts: Integers, edges: Sequence[int]) -> Integers:
    """The place of the band of each amount, its lower edge included; UNKNOWN below the first."""
    return np.searchsorted(np.asarray(edges), amounts, side="right").astype(np.int64) - 1


def band_names(edges: Sequence[str]) -> list[str]:
    """``0-50`` up to the open ``1000+`` from the lower edges as they are written."""
    closed = [f"{low}-{high}" for low, high in pairwise(edges)]
    return [*closed, f"{edges[-1]}+"]
