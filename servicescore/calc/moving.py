"""A shop's sums with metrics moved: to another value, or by some records turned good."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from servicescore.calc.ranking import goodness
from servicescore.calc.rules import Floats, MetricRule
from servicescore.calc.standpoint import Standpoint
from servicescore.calc.windows import WindowSums


@dataclass(frozen=True)
class Records:
    """So many records of a rate with their weights together."""

    count: float
    weight: float

    @property
    def each(self) -> float:
        """What one of them weighs on average."""
        return self.weight / self.count if self.count > 0 else 0.0


def value_of(sums: WindowSums, rule: MetricRule) -> Floats:
    """The weighted value of every entry in the shown unit; NaN without any record."""
    num, den = _weighted(sums, rule, "num"), _weighted(sums, rule, "den")
    known = den > 0
    value: Floats = np.where(known, num / np.where(known, den, 1), np.nan) / rule.metric.scale
    return value


def moved(sums: WindowSums, rule: MetricRule, values: Floats) -> WindowSums:
    """The sums with the metric at ``values``, one per entry; NaN leaves an entry as it is.

    Denominators stay, so every trade mode of a metric moves by the same factor. Only weighted
    sums are changed: they are what a score is computed from.
    """
    current = value_of(sums, rule)
    wanted = np.where(np.isnan(values), current, values)
    factor = wanted / np.where(current > 0, current, 1)
    columns = {}
    for stem in rule.metric.stems:
        num, den = sums.weighted[f"{stem}_num"], sums.weighted[f"{stem}_den"]
        from_nothing = wanted * rule.metric.scale * den
        columns[f"{stem}_num"] = np.where(
            np.isnan(current), num, np.where(current > 0, num * factor, from_nothing)
        )
    return WindowSums(plain=sums.plain, weighted={**sums.weighted, **columns})


def misses(sums: WindowSums, rule: MetricRule) -> Records:
    """The records of a rate that count against the shop, ``sums`` having one entry."""
    bad, _ = _bad_and_good(sums, rule)
    return bad


def value_by_records(sums: WindowSums, rule: MetricRule, turned: float) -> float:
    """The value of a rate with ``turned`` misses made good, each of their mean weight.

    Negative turns good ones bad. No more are turned than there are.
    """
    bad, good = _bad_and_good(sums, rule)
    kind, sign = (bad, 1) if turned > 0 else (good, -1)
    weight = sign * min(abs(turned), max(kind.count, 0.0)) * kind.each
    towards = 1 if rule.metric.better == "high" else -1
    den = float(_weighted(sums, rule, "den")[0])
    current = float(value_of(sums, rule)[0])
    return current + towards * weight / den / rule.metric.scale if den else current


def records_needed(sums: WindowSums, rule: MetricRule, value: float) -> int | None:
    """How many misses of a rate must turn good for ``value``; None when it is no rate.

    Rounded up, so that the value is reached.
    """
    if rule.metric.unit != "fraction":
        return None
    bad = misses(sums, rule)
    away = abs(value - float(value_of(sums, rule)[0])) * float(_weighted(sums, rule, "den")[0])
    return int(np.ceil(away / bad.each * (1 - np.finfo(float).eps))) if bad.each else 0


def best_value(stand: Standpoint, rule: MetricRule) -> float:
    """The value from which a metric cannot score better: the last anchor or the best peer's.

    Of a metric with trade modes the anchors are those of the strictest mode the shop has.
    """
    better = rule.metric.better
    stems = [stem for stem in rule.metric.stems if stand.sums.plain[f"{stem}_den"][0] > 0]
    ends = [goodness(rule.anchors[stem].x, better).max() for stem in stems or rule.metric.stems]
    peers = stand.field.rated.get(rule.metric.id, np.array([]))
    tables = [stand.benchmarks[stem].cutoffs[-1] for stem in stems if stem in stand.benchmarks]
    marks = [*ends, *peers[-1:], *goodness(np.array(tables), better)]
    current = goodness(value_of(stand.sums, rule), better)[0]
    best = max(marks) if np.isnan(current) else max(*marks, current)
    return float(best if better == "high" else -best)


def worst_value(stand: Standpoint, rule: MetricRule) -> float:
    """The value below which a metric cannot score worse by its anchors."""
    better = rule.metric.better
    ends = [goodness(line.x, better).min() for line in rule.anchors.values()]
    current = goodness(value_of(stand.sums, rule), better)[0]
    worst = min(ends) if np.isnan(current) else min(*ends, current)
    return float(worst if better == "high" else -worst)


def _weighted(sums: WindowSums, rule: MetricRule, part: str) -> Floats:
    return _added(sums.weighted, rule, part)


def _added(columns: Mapping[str, Any], rule: MetricRule, part: str) -> Floats:
    added: Floats = np.sum([columns[f"{stem}_{part}"] for stem in rule.metric.stems], axis=0)
    return added.astype(np.float64)


def _bad_and_good(sums: WindowSums, rule: MetricRule) -> tuple[Records, Records]:
    num = Records(float(_added(sums.plain, rule, "num")[0]), float(_weighted(sums, rule, "num")[0]))
    den = Records(float(_added(sums.plain, rule, "den")[0]), float(_weighted(sums, rule, "den")[0]))
    rest = Records(den.count - num.count, den.weight - num.weight)
    return (rest, num) if rule.metric.better == "high" else (num, rest)
