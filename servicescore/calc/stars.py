"""From a total to stars and to the figure that is shown."""

from decimal import ROUND_HALF_UP, Decimal

import numpy as np

from servicescore.calc.rules import Floats


def stars_of(totals: Floats, starts: Floats, stars: Floats) -> Floats:
    """The stars of each total: those of the last step that begins at or below it.

    NaN totals and totals below the first step give NaN.
    """
    step = np.searchsorted(starts, totals, side="right") - 1
    known = ~np.isnan(totals) & (step >= 0)
    return np.where(known, stars[np.where(known, step, 0)], np.nan)


def shown(value: float, decimals: int) -> str:
    """``value`` with ``decimals`` places, halves rounded up, as every page and file shows it."""
    step = Decimal(1).scaleb(-decimals)
    return str(Decimal(repr(value)).quantize(step, rounding=ROUND_HALF_UP))
