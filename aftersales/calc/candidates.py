"""Every cut and pair of cuts of a shop's lines that is large enough to be tested.

Counting is done on whole columns at once: a table of cells per cut or pair, one bincount each. The
same rows under two names are one candidate under the first name, singles standing before pairs.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from aftersales.calc.cuts import Coded, Cut
from aftersales.calc.exact import Floats
from aftersales.calc.finding_rules import FindingRules
from aftersales.calc.lines import UNKNOWN, Flags, Integers, Lines

OUTCOMES = ("return", "quality")
HEAD = ("table", "cell", "n")  # what stands before the sums of hits and of marks


@dataclass(frozen=True)
class Axis:
    """One cut with its values; ``codes`` are places in ``values`` or UNKNOWN."""

    name: str
    values: Sequence[str]
    codes: NDArray[np.int32]
    is_from: bool

    def holds(self, place: int) -> Flags:
        """Which lines have the value at ``place``."""
        return np.asarray(self.codes >= place if self.is_from else self.codes == place)


@dataclass(frozen=True)
class Table:
    """The cells of one axis or of two crossed; a cell's number counts along the last axis."""

    axes: tuple[Axis, ...]

    @cached_property
    def size(self) -> int:
        """How many cells there are."""
        return math.prod(len(axis.values) for axis in self.axes)

    def sums(self, rows: Integers | slice, weights: Sequence[Floats | None]) -> list[Floats]:
        """For each of the weights (None counts) its sum over ``rows`` in every cell."""
        first, *others = (axis.codes[rows] for axis in self.axes)
        is_in = first >= 0
        cells = first.astype(np.int64)
        for axis, codes in zip(self.axes[1:], others, strict=True):
            is_in = is_in & (codes >= 0)
            cells = cells * len(axis.values) + codes
        where = None if is_in.all() else np.flatnonzero(is_in)
        cells = cells if where is None else cells[where]
        return [
            self._over_froms(
                np.bincount(
                    cells,
                    None if one is None else one if where is None else one[where],
                    minlength=self.size,
                ).astype(np.float64)
            )
            for one in weights
        ]

    def _over_froms(self, sums: Floats) -> Floats:
        if not any(axis.is_from for axis in self.axes):
            return sums
        shaped = sums.reshape([len(axis.values) for axis in self.axes])
        for place, axis in enumerate(self.axes):
            if axis.is_from:
                shaped = np.flip(np.cumsum(np.flip(shaped, place), axis=place), place)
        return shaped.ravel()

    def places(self, cell: int) -> tuple[int, ...]:
        """The place on each axis of a cell."""
        shape = [len(axis.values) for axis in self.axes]
        return tuple(int(place) for place in np.unravel_index(cell, shape))

    def rows(self, cell: int) -> Flags:
        """Which lines are in a cell."""
        axes = zip(self.axes, self.places(cell), strict=True)
        return np.asarray(np.logical_and.reduce([axis.holds(place) for axis, place in axes]))

    def name(self, cell: int) -> tuple[tuple[str, str], ...]:
        """The cut of a cell as pairs of dimension and value."""
        axes = zip(self.axes, self.places(cell), strict=True)
        return tuple((axis.name, axis.values[place]) for axis, place in axes)


@dataclass(frozen=True)
class Candidates:
    """Cells to be tested: the table and cell of each, and how many lines and hits are in it.

    ``k`` has a row for each of :data:`OUTCOMES`. ``parts`` is 1 for a cut and 2 for a pair.
    ``singles`` tells for the table and cell of a cut alone, under whatever name its rows are
    tested, its place among the candidates.
    """

    tables: tuple[Table, ...]
    table: Integers
    cell: Integers
    parts: Integers
    singles: Mapping[tuple[int, int], int]
    n: Integers
    k: Integers

    def cell_rows(self, place: int) -> Flags:
        """Which lines are in a candidate."""
        return self.tables[int(self.table[place])].rows(int(self.cell[place]))

    def name(self, place: int) -> tuple[tuple[str, str], ...]:
        """The cut of a candidate."""
        return self.tables[int(self.table[place])].name(int(self.cell[place]))

    def own_cuts(self, place: int) -> list[int]:
        """The candidates that are a pair's own two cuts, as far as they are candidates."""
        if self.parts[place] == 1:
            return []
        table = self.tables[int(self.table[place])]
        places = zip(table.axes, table.places(int(self.cell[place])), strict=True)
        tables = {one.axes[0].name: at for at, one in enumerate(self.tables) if len(one.axes) == 1}
        own = [self.singles.get((tables[axis.name], at)) for axis, at in places]
        return [found for found in own if found is not None]

    def counted(self, rows: Integers, hits: Sequence[Flags]) -> tuple[Integers, Integers]:
        """Lines and hits of each outcome among ``rows`` in every candidate."""
        n, k = np.zeros_like(self.n), np.zeros_like(self.k)
        weights = [None, *(hit[rows].astype(np.float64) for hit in hits)]
        for number in np.unique(self.table).tolist():
            here = np.flatnonzero(self.table == number)
            sums = self.tables[number].sums(rows, weights)
            n[here], *found = (part[self.cell[here]].astype(np.int64) for part in sums)
            for outcome, values in enumerate(found):
                k[outcome, here] = values
        return n, k


def candidates(
    lines: Lines, hits: Sequence[Flags], rules: FindingRules, cuts: Mapping[str, Cut]
) -> Candidates:
    """Every candidate of the rules with at least ``least_rows`` lines inside and outside."""
    axes = {name: _axis(name, cuts[name].coded(lines, rules), rules) for name in rules.cuts}
    tables = [Table((axes[name],)) for name in rules.cuts]
    tables += [Table((axes[first], axes[second])) for first, second in rules.pairs()]
    halves = _row_marks(lines.count)
    weights = [None, *(hit.astype(np.float64) for hit in hits), *halves]
    found = []
    for number, table in enumerate(tables):
        if not table.size:
            continue
        n, *sums = table.sums(slice(None), weights)
        large = (n >= rules.least_rows) & (lines.count - n >= rules.least_rows)
        cells = np.flatnonzero(large)
        found.append((np.full(len(cells), number), cells, n[cells], *(s[cells] for s in sums)))
    columns = [np.concatenate(part) for part in zip(*found, strict=True)] if found else []
    return _named_once(tuple(tables), columns) if found else _nothing(tuple(tables))


def _axis(name: str, coded: Coded, rules: FindingRules) -> Axis:
    """The axis without values too rare to be a candidate, alone or in a pair."""
    codes = coded.codes
    if coded.is_from or not len(coded.values):
        return Axis(name, coded.values, codes.astype(np.int32), coded.is_from)
    counts = np.bincount(codes[codes >= 0], minlength=len(coded.values))
    kept = np.flatnonzero(counts >= rules.least_rows)
    place = np.full(len(coded.values) + 1, UNKNOWN, dtype=np.int32)  # the last is for UNKNOWN
    place[kept] = np.arange(len(kept))
    return Axis(name, [coded.values[at] for at in kept.tolist()], place[codes], is_from=False)


def _row_marks(count: int) -> tuple[Floats, Floats]:
    """Two numbers per line whose sums tell sets of lines apart; exact in floats as they are short.

    Two different sets of lines get the same two sums once in 2^64 times.
    """
    # From 1 on: the hash of 0 is 0, which a sum would not notice.
    marks = pd.util.hash_array(np.arange(1, count + 1, dtype=np.uint64))
    half = np.iinfo(np.uint32)
    low, high = marks & np.uint64(half.max), marks >> np.uint64(half.bits)
    return low.astype(np.float64), high.astype(np.float64)


def _named_once(tables: tuple[Table, ...], columns: Sequence[NDArray[np.float64]]) -> Candidates:
    """The candidates under their first names."""
    table, cell, n = (column.astype(np.int64) for column in columns[: len(HEAD)])
    *hits, low, high = columns[len(HEAD) :]
    marks = np.empty(len(n), dtype=np.complex128)  # two numbers as one that can be sorted
    marks.real, marks.imag = low, high
    _, first, group = np.unique(marks, return_index=True, return_inverse=True)
    is_first = np.zeros(len(n), dtype=bool)
    is_first[first] = True
    place = np.cumsum(is_first) - 1
    named = place[first[group]]  # of every name the place of its candidate among those kept
    parts = np.array([len(one.axes) for one in tables])[table]
    single = parts == 1
    names = zip(table[single].tolist(), cell[single].tolist(), strict=True)
    at = dict(zip(names, named[single].tolist(), strict=True))
    kept = np.flatnonzero(is_first)
    k = np.stack([hit[kept].astype(np.int64) for hit in hits])
    return Candidates(tables, table[kept], cell[kept], parts[kept], at, n[kept], k)


def _nothing(tables: tuple[Table, ...]) -> Candidates:
    none = np.zeros(0, dtype=np.int64)
    empty = np.zeros((len(OUTCOMES), 0), dtype=np.int64)
    return Candidates(tables, none, none, none, {}, none, empty)
