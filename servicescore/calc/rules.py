"""A score rule set in the form calculations use, checked as it is compiled."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from servicescore.calc.benchmarks import CUTOFFS
from servicescore.calc.declaration import Metric
from shopguard.lib.rulesets import RuleError, RuleSet

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Line:
    """A broken line through points with ascending ``x``, flat outside them."""

    x: Floats
    y: Floats

    def at(self, values: Floats) -> Floats:
        """The height of the line at each value; NaN stays NaN."""
        return np.interp(values, self.x, self.y)


@dataclass(frozen=True)
class DimensionRule:
    """A dimension of the score: its weight and the metrics whose mean it is."""

    id: str
    weight: float
    metrics: tuple[str, ...]


@dataclass(frozen=True)
class MetricRule:
    """How one metric is scored.

    ``anchors`` holds one line per stem of the metric (its id, or its id with each mode) from the
    value in the shown unit to a score. ``minimum_per_mode`` is 0 for a metric without modes.
    """

    metric: Metric
    minimum: int
    minimum_per_mode: int
    anchors: Mapping[str, Line]


@dataclass(frozen=True)
class ScoreRules:
    """Everything a score is computed from besides the facts. Scores are on the scale of the set."""

    id: str
    hash: str
    window_days: int
    half_life: float
    dimensions: tuple[DimensionRule, ...]
    metrics: Mapping[str, MetricRule]
    peers: int
    decimals: int
    curve: Line
    rank_share: float
    signed_orders: int
    present_dimensions: int
    never_scored: frozenset[str]
    stars_from: Floats
    stars: Floats
    peer_middle: float
    peer_top: float


def score_rules(rules: RuleSet, declared: Mapping[str, Metric]) -> ScoreRules:
    """Compile and check a rule set. Raises RuleError with the set, the parameter and the fault."""
    dimensions = _dimensions(rules)
    names = [name for dimension in dimensions for name in dimension.metrics]
    _require(rules, len(set(names)) == len(names), "dimensions", "a metric stands in two of them")
    unknown = sorted(set(names) - declared.keys())
    _require(rules, not unknown, "dimensions", f"no file declares {', '.join(unknown)}")
    return ScoreRules(
        id=rules.id,
        hash=rules.hash,
        window_days=rules["window.days"],
        half_life=rules["window.half_life"],
        dimensions=dimensions,
        metrics={name: _metric(rules, declared[name]) for name in names},
        peers=rules["ranking.peers"],
        decimals=rules["ranking.decimals"],
        curve=_curve(rules),
        rank_share=rules["ranking.share"],
        signed_orders=rules["total.signed_orders"],
        present_dimensions=rules["total.dimensions"],
        never_scored=frozenset(rules["never_scored.industries"]),
        stars_from=_ascending(rules, "stars.from"),
        stars=_ascending(rules, "stars.stars"),
        peer_middle=rules["display.peer_middle"],
        peer_top=rules["display.peer_top"],
    )


def _require(rules: RuleSet, holds: bool, path: str, fault: str) -> None:
    if not holds:
        raise RuleError(f"rule set {rules.id}: {path}: {fault}")


def _dimensions(rules: RuleSet) -> tuple[DimensionRule, ...]:
    names = dict.fromkeys(path.partition(".")[0] for path in rules.group("dimensions"))
    found = tuple(
        DimensionRule(name, rules[f"dimensions.{name}.weight"], rules[f"dimensions.{name}.metrics"])
        for name in names
    )
    total = math.fsum(dimension.weight for dimension in found)
    _require(rules, math.isclose(total, 1), "dimensions", f"the weights add up to {total}, not 1")
    _require(rules, all(d.metrics for d in found), "dimensions", "one of them has no metric")
    return found


def _ascending(rules: RuleSet, path: str) -> Floats:
    values = np.array(rules[path], dtype=np.float64)
    _require(rules, bool((np.diff(values) > 0).all()), path, "the values must rise")
    return values


def _curve(rules: RuleSet) -> Line:
    x = _ascending(rules, "ranking.curve_percentiles")
    y = _ascending(rules, "ranking.curve_scores")
    _require(rules, len(x) == len(y), "ranking.curve_scores", "one score per percentile is needed")
    ends = (x[0], x[-1]) == (0, 1)
    _require(rules, ends, "ranking.curve_percentiles", "the curve runs from 0 to 1")
    fits = len(x) == len(CUTOFFS) + 1
    _require(rules, fits, "ranking.curve_scores", "one score per cut-off and a lowest are needed")
    _require(rules, rules["ranking.peers"] > 1, "ranking.peers", "a rank needs two shops")
    return Line(x, y)


def _metric(rules: RuleSet, metric: Metric) -> MetricRule:
    path = f"anchors.{metric.id}"
    values = np.array(rules[path], dtype=np.float64)
    scores = _ascending(rules, "anchors.scores")
    _require(rules, len(values) == len(scores), path, "one anchor per score is needed")
    rising = values if metric.better == "high" else values[::-1]
    _require(rules, bool((np.diff(rising) > 0).all()), path, "the anchors must run one way")
    scores = scores if metric.better == "high" else scores[::-1]
    factors = _factors(rules, metric)
    return MetricRule(
        metric=metric,
        minimum=rules[f"minimum.{metric.id}"],
        minimum_per_mode=rules[f"minimum_per_mode.{metric.id}"] if metric.modes else 0,
        anchors={
            stem: Line(rising * factor, scores)
            for stem, factor in zip(metric.stems, factors, strict=True)
        },
    )


def _factors(rules: RuleSet, metric: Metric) -> Sequence[float]:
    if not metric.modes:
        return [1]
    return [rules[f"mode_factor.{metric.id}.{mode}"] for mode in metric.modes]
