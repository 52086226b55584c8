"""Weighted sums of daily statistics over the window of a score date."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from servicescore.calc.rules import Floats

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class WindowSums:
    """Sums per column over the window, one entry per shop: unweighted integers and weighted."""

    plain: Mapping[str, Integers]
    weighted: Mapping[str, Floats]


def age_weights(days: int, half_life: float) -> Floats:
    """The weight of an event by its age in days, index 0 being the newest day (age 1)."""
    return np.exp2(-np.arange(days) / half_life)


def dense_window(
    shop_places: Integers, ages: Integers, table: Integers, *, shops: int, days: int
) -> Integers:
    """Spread daily rows over an array of [days, shops, columns]; days without a row hold zeros.

    ``shop_places`` is the place of each row's shop, ``ages`` the row's age in days from 1.
    """
    window = np.zeros((days, shops, table.shape[1]), dtype=np.int64)
    window[ages - 1, shop_places] = table
    return window


def window_sums(window: Integers, columns: Sequence[str], half_life: float) -> WindowSums:
    """Sum a window of [days, shops, columns] over its days.

    The weighted sums are added strictly day after day, oldest first, so that the same integers
    give the same bits whatever else is computed beside them.
    """
    days, shops, width = window.shape
    weighted = np.zeros((shops, width))
    for day, weight in zip(window[::-1], age_weights(days, half_life)[::-1], strict=True):
        weighted += weight * day
    plain = window.sum(axis=0)
    return WindowSums(
        plain={name: plain[:, place] for place, name in enumerate(columns)},
        weighted={name: weighted[:, place] for place, name in enumerate(columns)},
    )
