"""What would happen: a shop's figures moved, scored by the code of the night."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from servicescore.calc.moving import best_value, moved, value_by_records, value_of, worst_value
from servicescore.calc.receipts import plain
from servicescore.calc.scoring import IndustryScores
from servicescore.calc.standpoint import Standpoint, scored_again


@dataclass(frozen=True)
class Move:
    """One metric moved: to a ``value`` in the shown unit, or else by ``records``.

    ``records`` are so many misses of a rate turned good (negative: good ones turned bad), each
    with the mean weight of its kind in the window; no more than there are.
    """

    metric: str
    value: float | None = None
    records: int = 0


@dataclass(frozen=True)
class MetricOutcome:
    """A metric after some moves; None where there is nothing."""

    value: float | None
    score: float | None
    percentile: float | None


@dataclass(frozen=True)
class Outcome:
    """A shop's score after some moves; ``percentile`` is that of the total."""

    total: float | None
    stars: float | None
    state: str
    percentile: float | None
    dimensions: Mapping[str, float | None]
    metrics: Mapping[str, MetricOutcome]


def outcome_of(stand: Standpoint, moves: Sequence[Move]) -> Outcome:
    """The score of the shop with ``moves`` made one after another; without any, as it is.

    The other shops stay as they are, and so does what is present: a metric without any record
    cannot be moved. Raises KeyError for a metric that is not in the rule set.
    """
    sums = stand.sums
    for move in moves:
        rule = stand.rules.metrics[move.metric]
        by_records = value_by_records(sums, rule, move.records)
        value = by_records if move.value is None else move.value
        sums = moved(sums, rule, np.array([value]))
    return _outcome(scored_again(stand, sums))


def reach_of(stand: Standpoint, metric: str) -> tuple[float, float] | None:
    """The worst and the best value worth trying, in the shown unit; None without any record."""
    rule = stand.rules.metrics[metric]
    if np.isnan(value_of(stand.sums, rule)[0]):
        return None
    return worst_value(stand, rule), best_value(stand, rule)


def _outcome(scores: IndustryScores) -> Outcome:
    return Outcome(
        total=plain(scores.total[0]),
        stars=plain(scores.stars[0]),
        state=str(scores.state[0]),
        percentile=plain(scores.percentile[0]),
        dimensions={name: plain(score[0]) for name, score in scores.dimensions.items()},
        metrics={
            name: MetricOutcome(
                value=plain(columns.value[0]),
                score=plain(columns.result.score[0]),
                percentile=plain(columns.result.percentile[0]),
            )
            for name, columns in scores.metrics.items()
        },
    )
