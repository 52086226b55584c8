"""Ranks among the shops of an industry, and scores from ranks and anchors."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from servicescore.calc.rules import Floats, Line, ScoreRules

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Scored:
    """Percentile and score per shop (NaN where there is none) and whether anchors stand alone."""

    percentile: Floats
    score: Floats
    estimate: Flags


def percentiles(values: Floats, *, better: str, peers: int, decimals: int) -> Floats:
    """The share of the other shops that are not better than each; NaN is nobody's peer.

    Equal after rounding to ``decimals`` is equal. All NaN when fewer than ``peers`` shops have a
    value, because a rank among so few says nothing.
    """
    ranked = ~np.isnan(values)
    count = int(ranked.sum())
    result = np.full(values.shape, np.nan)
    if count < peers:
        return result
    goodness = np.round(values[ranked], decimals)
    if better == "low":
        goodness = -goodness
    strictly_better = count - np.searchsorted(np.sort(goodness), goodness, side="right")
    result[ranked] = (count - 1 - strictly_better) / (count - 1)
    return result


def scored(values: Floats, line: Line, better: str, rules: ScoreRules) -> Scored:
    """Score the shops that have a value: anchors and rank blended, anchors alone without a rank."""
    percentile = percentiles(values, better=better, peers=rules.peers, decimals=rules.decimals)
    absolute = line.at(values)
    relative = rules.curve.at(percentile)
    blended = rules.rank_share * relative + (1 - rules.rank_share) * absolute
    unranked = np.isnan(percentile)
    return Scored(
        percentile=percentile,
        score=np.where(unranked, absolute, blended),
        estimate=unranked & ~np.isnan(values),
    )


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
