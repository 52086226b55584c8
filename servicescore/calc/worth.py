"""What a few records more are worth to a total, ranks held as they are."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from servicescore.calc.rules import MetricRule, ScoreRules


def worth_between(
    receipt: Mapping[str, Any],
    rule: MetricRule,
    rules: ScoreRules,
    *,
    share: float,
    den: int,
    done: int,
    undone: int,
) -> float:
    """Points of the total between two outcomes of ``den`` records of the newest day (weight 1).

    ``done`` and ``undone`` are what they add to the numerator, ``receipt`` is the metric's and
    ``share`` its part in the total. The rank among the peers is left where it is, so that no peer
    has to be read; what a better rank would bring comes on top. Never negative. Of a metric with
    trade modes the records are taken to be of the mode with the most weight.
    """
    stem, part, weight = rule.metric.id, receipt, share
    if rule.metric.modes:
        mode = max(rule.metric.modes, key=lambda code: receipt["modes"][code]["wden"])
        stem, part = f"{rule.metric.id}_{mode}", receipt["modes"][mode]
        weight = share * part["wden"] / receipt["wden"]
    is_ranked = part["percentile"] is not None or part["benchmark"] is not None
    by_anchors = weight * (1 - rules.rank_share if is_ranked else 1)
    sums = np.array([part["wnum"] + done, part["wnum"] + undone], dtype=np.float64)
    best, worst = rule.anchors[stem].at(sums / (part["wden"] + den) / rule.metric.scale)
    return max(float(best - worst) * by_anchors, 0.0)
