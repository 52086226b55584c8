"""Where a shop stands against the marks of the rule set: anchors and levels."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from servicescore.calc.rules import MetricRule
from shopguard.lib.rulesets import RuleSet


@dataclass(frozen=True)
class Cutoff:
    """The next anchor above a metric's value: reach ``value`` and the anchors give ``score``."""

    value: float
    score: float


@dataclass(frozen=True)
class Level:
    """A total that unlocks something (``is_risk`` false) or puts it at risk when below."""

    id: str
    bound: float
    is_risk: bool


def next_cutoff(rule: MetricRule, receipt: Mapping[str, Any]) -> Cutoff | None:
    """The nearest better anchor of a present metric; None at the top or without a score.

    For a metric with trade modes it is that of the mode with the most weight.
    """
    if receipt["score"] is None:
        return None
    stem, value = rule.metric.id, receipt["value"]
    if rule.metric.modes:
        mode = max(rule.metric.modes, key=lambda code: receipt["modes"][code]["wden"])
        stem, value = f"{rule.metric.id}_{mode}", receipt["modes"][mode]["value"]
    line = rule.anchors[stem]
    better = line.x > value if rule.metric.better == "high" else line.x < value
    places = np.flatnonzero(better)
    if not places.size:
        return None
    place = places[0] if rule.metric.better == "high" else places[-1]
    return Cutoff(value=float(line.x[place]), score=float(line.y[place]))


def levels(rules: RuleSet) -> list[Level]:
    """Every privilege and risk of a rule set, highest bound first."""
    found = [Level(name, bound, False) for name, bound in rules.group("levels.at_least").items()]
    found += [Level(name, bound, True) for name, bound in rules.group("levels.below").items()]
    return sorted(found, key=lambda level: -level.bound)
