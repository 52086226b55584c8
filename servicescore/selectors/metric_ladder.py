"""The steps of a metric: which value and which place among peers gives which score."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from servicescore.calc.benchmarks import Benchmark
from servicescore.calc.declaration import Metric
from servicescore.calc.ranking import benchmark_line, goodness
from servicescore.calc.rules import Line, MetricRule, ScoreRules
from servicescore.selectors import metric_words
from servicescore.selectors.scores import MetricScore
from shopguard.lib import formats


@dataclass(frozen=True)
class Step:
    """One step: the score, the value that reaches it, and the place or benchmark that does."""

    score: str
    value: str
    has_value: bool
    place: str
    has_place: bool


@dataclass(frozen=True)
class Part:
    """A metric or one of its trade modes with its steps, best first, and the points it has.

    ``absolute`` is what the value is worth, ``relative`` what its place is worth.
    """

    label: str
    value: str
    n: str
    absolute: float | None
    relative: float | None
    score: float | None
    percentile: float | None
    steps: tuple[Step, ...]
    source: str


@dataclass(frozen=True)
class Ladder:
    """All parts of a metric; ``share`` is how much of the score the place among peers makes."""

    parts: tuple[Part, ...]
    share: float

    @property
    def has_benchmark(self) -> bool:
        """Whether any part is measured by an imported table."""
        return any(part.source for part in self.parts)


def ladder_of(rule: MetricRule, score: MetricScore, rules: ScoreRules) -> Ladder:
    """The steps of a metric; one part, or one for each trade mode with records."""
    metric = rule.metric
    if not metric.modes:
        whole = {
            "value": score.value,
            "n": score.n,
            "score": score.score,
            "percentile": score.percentile,
            "benchmark": score.benchmark,
        }
        return Ladder((_part("", rule, metric.id, whole, rules),), rules.rank_share)
    parts = [
        _part(str(metric_words.MODES.get(mode, mode)), rule, stem, score.modes[mode], rules)
        for mode, stem in zip(metric.modes, metric.stems, strict=True)
        if score.modes[mode]["n"]
    ]
    return Ladder(tuple(parts), rules.rank_share)


def _part(
    label: str, rule: MetricRule, stem: str, receipt: Mapping[str, Any], rules: ScoreRules
) -> Part:
    metric, line = rule.metric, rule.anchors[stem]
    table = _benchmark(metric, receipt.get("benchmark"))
    is_scored = receipt["score"] is not None
    value = receipt["value"] if is_scored else None
    return Part(
        label=label,
        value=metric_words.value_text(metric, receipt["value"]),
        n=formats.number(receipt["n"]),
        absolute=_worth(line, value),
        relative=_place_worth(metric, table, value, receipt["percentile"], rules),
        score=receipt["score"],
        percentile=receipt["percentile"],
        steps=_steps(metric, line, table, receipt, rules),
        source=_source(table),
    )


def _benchmark(metric: Metric, kept: Mapping[str, Any] | None) -> Benchmark | None:
    if not kept:
        return None
    as_of = date.fromisoformat(kept["as_of"])
    cutoffs = tuple(kept["cutoffs"])
    return Benchmark(metric.id, kept["trade_mode"], as_of, cutoffs, kept["source"])


def _source(table: Benchmark | None) -> str:
    if table is None:
        return ""
    told = {"source": table.source or _("未注明来源"), "day": table.as_of.isoformat()}
    return _("%(source)s，%(day)s") % told


def _worth(line: Line, value: float | None) -> float | None:
    return None if value is None else float(line.at(np.array([value]))[0])


def _place_worth(
    metric: Metric,
    table: Benchmark | None,
    value: float | None,
    percentile: float | None,
    rules: ScoreRules,
) -> float | None:
    if table is None or value is None:
        return _worth(rules.curve, percentile)
    line = benchmark_line(table, metric.better, rules)
    return float(line.at(goodness(np.array([value]), metric.better))[0])


def _steps(
    metric: Metric,
    line: Line,
    table: Benchmark | None,
    receipt: Mapping[str, Any],
    rules: ScoreRules,
) -> tuple[Step, ...]:
    """From the best step down; the lowest is where everybody stands."""
    value, percentile = receipt["value"], receipt["percentile"]
    at_score = dict(zip(line.y.tolist(), line.x.tolist(), strict=True))
    found = []
    for place, score in enumerate(rules.curve.y.tolist()):
        bound = at_score[score]
        cut = table.cutoffs[place - 1] if table and place else None
        share = float(rules.curve.x[place])
        found.append(
            Step(
                score=f"{score:.1f}",
                value=metric_words.value_text(metric, bound),
                has_value=_reaches(metric, value, bound),
                place=_place_text(metric, table, cut, share),
                has_place=_reaches(metric, value, cut)
                if table
                else percentile is not None and percentile >= share,
            )
        )
    return tuple(reversed(found))


def _place_text(metric: Metric, table: Benchmark | None, cut: float | None, share: float) -> str:
    if table is None and not share:
        return _("最后一名")
    if table is None:
        return _("超过 %(share)s 同行") % {"share": formats.percent(share, 0)}
    return metric_words.value_text(metric, cut)


def _reaches(metric: Metric, value: float | None, bound: float | None) -> bool:
    if value is None or bound is None:
        return False
    return value >= bound if metric.better == "high" else value <= bound
