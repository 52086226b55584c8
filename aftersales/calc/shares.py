"""The two candidates that are shares of a shop's returns.

``sku=S&days_after_order=D``: of the returns of a SKU those applied for D days after placing,
against the returns of the others. ``reason=R``: of the returns with a reason those with R, against
the share one reason usually has.
"""

from dataclasses import dataclass

import numpy as np

from aftersales.calc.cuts import labelled
from aftersales.calc.finding_rules import FindingRules
from aftersales.calc.lines import Flags, Integers, Lines


@dataclass(frozen=True)
class Tally:
    """Of each share how many returns are looked at (n), how many hit (k), and both of the shop."""

    n: Integers
    k: Integers
    rows: Integers
    hits: Integers


@dataclass(frozen=True)
class DayShares:
    """Every SKU with every day on which enough of the shop's returns are applied for."""

    skus: list[str]
    days: Integers
    sku_codes: Integers
    to_apply: Integers

    @property
    def count(self) -> int:
        """How many candidates there are; SKU by SKU, day by day."""
        return len(self.skus) * len(self.days)

    def name(self, place: int) -> tuple[tuple[str, str], ...]:
        """The cut of a candidate."""
        sku, day = divmod(place, len(self.days))
        return (("sku", self.skus[sku]), ("days_after_order", str(self.days[day])))

    def rows(self, place: int, returned: Flags) -> Flags:
        """The returns of the SKU of a candidate."""
        return np.asarray(returned & (self.sku_codes == place // len(self.days)))

    def tally(self, returned: Flags) -> Tally:
        """Counts among ``returned`` lines."""
        sku, day = self.sku_codes[returned], self.to_apply[returned]
        shape = (len(self.skus), len(self.days))
        place = np.searchsorted(self.days, day)
        is_day = np.isin(day, self.days)
        both = is_day & (sku >= 0)
        cells = sku[both] * shape[1] + place[both]
        of_sku = np.bincount(sku[sku >= 0], minlength=shape[0])
        of_day = np.bincount(place[is_day], minlength=shape[1])
        return Tally(
            n=np.repeat(of_sku, shape[1]),
            k=np.bincount(cells, minlength=self.count),
            rows=np.full(self.count, len(sku)),
            hits=np.tile(of_day, shape[0]),
        )


@dataclass(frozen=True)
class ReasonShares:
    """Every first reason."""

    reasons: list[str]
    codes: Integers

    @property
    def count(self) -> int:
        """How many candidates there are."""
        return len(self.reasons)

    def name(self, place: int) -> tuple[tuple[str, str], ...]:
        """The cut of a candidate."""
        return (("reason", self.reasons[place]),)

    def tally(self, returned: Flags) -> Tally:
        """Counts among ``returned`` lines; there is no outside."""
        codes = self.codes[returned]
        codes = codes[codes >= 0]
        n = np.full(self.count, len(codes))
        return Tally(n, np.bincount(codes, minlength=self.count), n, n)


def day_shares(lines: Lines, rules: FindingRules) -> DayShares:
    """The candidates of days after ordering."""
    returned, to_apply, skus = lines.returned, lines.days_to_apply, labelled(lines, "sku")
    days, counts = np.unique(to_apply[returned & (to_apply >= 0)], return_counts=True)
    enough = days[counts >= rules.least_returns_of_day]
    counted = np.bincount(skus.codes[returned & (skus.codes >= 0)], minlength=len(skus.values))
    large = np.flatnonzero(counted >= rules.least_rows)
    place = np.full(len(skus.values) + 1, -1, dtype=np.int64)  # the last is for unknown ones
    place[large] = np.arange(len(large))
    names = [skus.values[at] for at in large.tolist()]
    return DayShares(names, enough, place[skus.codes], to_apply)


def reason_shares(lines: Lines) -> ReasonShares:
    """The candidates of reasons: those of returns, and no others."""
    coded = labelled(lines, "reason")
    return ReasonShares(list(coded.values), np.where(lines.returned, coded.codes, -1))
