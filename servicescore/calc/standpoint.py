"""One shop's score seen from where it stands: its own sums, everybody else held as they are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from servicescore.calc.benchmarks import Benchmark
from servicescore.calc.ranking import Field, rated
from servicescore.calc.rules import Floats, ScoreRules
from servicescore.calc.scoring import IndustryScores, industry_scores
from servicescore.calc.windows import WindowSums


@dataclass(frozen=True)
class Standpoint:
    """Everything the score of one shop is computed from: ``sums`` has one entry, the shop's."""

    rules: ScoreRules
    industry: str
    sums: WindowSums
    field: Field
    benchmarks: Mapping[str, Benchmark]


def scored_again(
    stand: Standpoint, sums: WindowSums, *, held: Mapping[str, bool] | None = None
) -> IndustryScores:
    """Scores of possible sums of the shop, one entry each, as the night would compute them.

    Every entry is ranked among the other shops as they are; percentiles of totals too. ``held``
    says what is present (see :class:`servicescore.calc.scoring.Frame`).
    """
    return industry_scores(
        sums, stand.rules, stand.industry, stand.benchmarks, field=stand.field, held=held
    )


def field_of(found: Sequence[Mapping[str, Any]], rules: ScoreRules) -> Field:
    """The field that stored results of an industry make."""
    return Field(
        rated={
            name: np.sort(rated(values, rules.metrics[metric].metric.better, rules.decimals))
            for metric in rules.metrics
            for name, values in _values(found, rules, metric)
        },
        dimensions={
            part.id: _ascending([one["dimensions"][part.id]["score"] for one in found], rules)
            for part in rules.dimensions
        },
        totals=_ascending([one["total"] for one in found], rules),
    )


def field_without(field: Field, own: Mapping[str, Any], rules: ScoreRules) -> Field:
    """The field as one of its shops sees it: without its own result."""
    alone = field_of([own], rules)
    return Field(
        rated={name: _less(values, alone.rated[name]) for name, values in field.rated.items()},
        dimensions={
            name: _less(values, alone.dimensions[name]) for name, values in field.dimensions.items()
        },
        totals=_less(field.totals, alone.totals),
    )


def _less(ascending: Floats, own: Floats) -> Floats:
    """Ascending values without those of one shop, which are among them."""
    return np.delete(ascending, np.searchsorted(ascending, own))


def _values(
    found: Sequence[Mapping[str, Any]], rules: ScoreRules, name: str
) -> Iterable[tuple[str, Floats]]:
    """The present values of a metric and of each of its trade modes."""
    receipts = [one["metrics"][name] for one in found]
    yield name, _present(receipts)
    for mode in rules.metrics[name].metric.modes:
        yield f"{name}_{mode}", _present([receipt["modes"][mode] for receipt in receipts])


def _present(receipts: Iterable[Mapping[str, Any]]) -> Floats:
    return np.array([one["value"] for one in receipts if one["present"]], dtype=np.float64)


def _ascending(scores: Iterable[float | None], rules: ScoreRules) -> Floats:
    known = np.array([score for score in scores if score is not None], dtype=np.float64)
    return np.sort(np.round(known, rules.decimals))


def repeated(sums: WindowSums, times: int) -> WindowSums:
    """The one entry of ``sums`` so many times, in arrays that may be changed."""
    return WindowSums(
        plain={name: np.repeat(column, times) for name, column in sums.plain.items()},
        weighted={name: np.repeat(column, times) for name, column in sums.weighted.items()},
    )
