"""What findings come to together, where several speak of the same returns.

A finding spreads its excess evenly over its returned lines. A line of several findings counts once,
with the largest of its parts; cases and money are each taken so. The whole is therefore at least
that of the largest finding, at most the sum of all, and the sum where no two share a line.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from aftersales.calc.lines import Integers


@dataclass(frozen=True)
class Part:
    """One finding: the keys of its returned lines, what came back too much of them, and fen of it
    (None where no amount is known).
    """

    lines: Integers
    excess: float
    excess_fen: float | None


@dataclass(frozen=True)
class Whole:
    """Cases too many and their fen, each line counted once; fen None where none is known."""

    excess: float
    excess_fen: float | None


def counted_once(parts: Sequence[Part]) -> Whole:
    """All findings together. A finding without lines adds nothing."""
    lines = np.concatenate([part.lines for part in parts]) if parts else np.zeros(0, np.int64)
    _keys, place = np.unique(lines, return_inverse=True)
    sizes = [len(part.lines) for part in parts]
    known = [part.excess_fen for part in parts if part.excess_fen is not None]
    fen = _largest(place, sizes, [part.excess_fen or 0.0 for part in parts])
    return Whole(_largest(place, sizes, [part.excess for part in parts]), fen if known else None)


def _largest(place: Integers, sizes: Sequence[int], amounts: Sequence[float]) -> float:
    """The sum over lines of the largest part each has in the amounts."""
    each = [amount / size if size else 0.0 for amount, size in zip(amounts, sizes, strict=True)]
    weights = np.repeat(np.array(each, dtype=np.float64), sizes)
    best = np.zeros(int(place.max(initial=-1)) + 1, dtype=np.float64)
    np.maximum.at(best, place, weights)
    return float(best.sum())
