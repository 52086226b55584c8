"""Ranks among the shops of an industry, and scores from ranks and anchors."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from servicescore.calc.benchmarks import Benchmark
from servicescore.calc.rules import Floats, Line, ScoreRules

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Scored:
    """Percentile and score per shop (NaN where there is none) and whether anchors stand alone."""

    percentile: Floats
    score: Floats
    estimate: Flags


class Moving(Protocol):
    """Others that move on: how many of them are better than a value is not counted but asked."""

    def __len__(self) -> int: ...

    def better_than(self, own: Floats) -> Floats:
        """How many are better than each of the values, which are rated alike."""


@dataclass(frozen=True)
class Field:
    """The others a shop is ranked among while its own figures are varied.

    All entries ascend and leave the shop itself out: ``rated`` per stem the values of the shops
    in which it is present as :func:`rated` gives them, ``dimensions`` and ``totals`` the scores.
    ``moving`` takes the place of ``rated`` where the others are not held as they are.
    """

    rated: Mapping[str, Floats]
    dimensions: Mapping[str, Floats]
    totals: Floats
    moving: Mapping[str, Moving] = field(default_factory=dict)

    def others(self, stem: str) -> Floats | Moving:
        """Whom a value of a stem is ranked among."""
        return self.moving.get(stem) or self.rated.get(stem, np.array([]))


def percentiles(
    values: Floats, *, better: str, peers: int, decimals: int, others: Floats | Moving | None = None
) -> Floats:
    """The share of the other shops that are not better than each; NaN is nobody's peer.

    Equal after rounding to ``decimals`` is equal. All NaN when fewer than ``peers`` shops have a
    value, because a rank among so few says nothing. With ``others`` (see :class:`Field`) each
    value is ranked among them for itself, not among the values.
    """
    ranked = ~np.isnan(values)
    own = rated(values, better, decimals)
    rivals = np.sort(own[ranked]) if others is None else others
    count = len(rivals) + (others is not None)
    if count < peers:
        return np.full(values.shape, np.nan)
    strictly_better = (
        len(rivals) - np.searchsorted(rivals, own, side="right")
        if isinstance(rivals, np.ndarray)
        else rivals.better_than(own)
    )
    return np.where(ranked, (count - 1 - strictly_better) / (count - 1), np.nan)


def scored(
    values: Floats,
    line: Line,
    better: str,
    rules: ScoreRules,
    benchmark: Benchmark | None,
    others: Floats | Moving | None = None,
) -> Scored:
    """Score the shops that have a value: anchors and rank blended, anchors alone without a rank.

    Where there is a benchmark the shops are measured by it instead of by each other, and with
    ``others`` by these.
    """
    absolute = line.at(values)
    if benchmark is not None:
        relative = benchmark_line(benchmark, better, rules).at(goodness(values, better))
        return Scored(
            percentile=np.full(values.shape, np.nan),
            score=rules.rank_share * relative + (1 - rules.rank_share) * absolute,
            estimate=np.zeros(values.shape, dtype=np.bool_),
        )
    percentile = percentiles(
        values, better=better, peers=rules.peers, decimals=rules.decimals, others=others
    )
    relative = rules.curve.at(percentile)
    blended = rules.rank_share * relative + (1 - rules.rank_share) * absolute
    unranked = np.isnan(percentile)
    return Scored(
        percentile=percentile,
        score=np.where(unranked, absolute, blended),
        estimate=unranked & ~np.isnan(values),
    )


def goodness(values: Floats, better: str) -> Floats:
    """Values turned so that more is better."""
    return values if better == "high" else -values


def rated(values: Floats, better: str, decimals: int) -> Floats:
    """Values as they are compared: rounded, and turned so that more is better."""
    return goodness(np.round(values, decimals), better)


def benchmark_line(benchmark: Benchmark, better: str, rules: ScoreRules) -> Line:
    """What a value is worth by a benchmark, over its goodness: the scores of the curve of ranks.

    Flat above the last cut-off; below the first it falls to the lowest score over one step from
    the first to the second. Of equal cut-offs the better one counts.
    """
    cutoffs = goodness(np.array(benchmark.cutoffs), better)
    return Line(np.append(2 * cutoffs[0] - cutoffs[1], cutoffs), rules.curve.y)


def peer_marks(values: Floats, better: str, rules: ScoreRules) -> tuple[float, float]:
    """The middle and the top value of the shops that have one, in the unit of the values.

    Both NaN below the number of shops a rank needs, also so that no shop can be read off them.
    """
    known = values[~np.isnan(values)]
    if len(known) < rules.peers:
        return np.nan, np.nan
    top = rules.peer_top if better == "high" else 1 - rules.peer_top
    middle, best = np.quantile(known, [rules.peer_middle, top])
    return float(middle), float(best)
