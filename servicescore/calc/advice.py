"""What the next step of each metric would bring to a shop's total."""

from dataclasses import dataclass

import numpy as np

from servicescore.calc.moving import moved, value_of
from servicescore.calc.ranking import goodness
from servicescore.calc.rules import MetricRule
from servicescore.calc.standpoint import Standpoint, scored_again


@dataclass(frozen=True)
class Step:
    """A metric brought to its next anchor: ``target`` in the shown unit, ``gain`` in points."""

    metric: str
    target: float
    gain: float


def next_steps(stand: Standpoint) -> list[Step]:
    """The present metrics that have a better anchor before them, the largest gain first.

    The other shops stay as they are. Of a metric with trade modes the one with the most weight is
    brought to its next anchor and the others move by the same factor.
    """
    scores = scored_again(stand, stand.sums)
    if np.isnan(scores.total[0]):
        return []
    found = []
    for name, columns in scores.metrics.items():
        rule = stand.rules.metrics[name]
        target = None if np.isnan(columns.result.score[0]) else _target(stand, rule)
        if target is not None:
            sums = moved(stand.sums, rule, np.array([target]))
            gain = scored_again(stand, sums).total[0] - scores.total[0]
            found.append(Step(name, target, float(gain)))
    return sorted(found, key=lambda step: -step.gain)


def _target(stand: Standpoint, rule: MetricRule) -> float | None:
    """The value at which the heaviest stem reaches its next anchor; None at the last."""
    sums = stand.sums.weighted
    stem = max(rule.metric.stems, key=lambda one: float(sums[f"{one}_den"][0]))
    value = float(sums[f"{stem}_num"][0] / sums[f"{stem}_den"][0]) / rule.metric.scale
    marks = np.sort(goodness(rule.anchors[stem].x, rule.metric.better))
    ahead = marks[marks > goodness(np.array([value]), rule.metric.better)[0]]
    if not len(ahead):
        return None
    anchor = float(abs(ahead[0]))
    whole = float(value_of(stand.sums, rule)[0])
    return whole * anchor / value if value > 0 else anchor
