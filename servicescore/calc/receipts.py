"""One shop's part of an industry's scores, as plain values that can be stored and read again."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from servicescore.calc.benchmarks import Benchmark
from servicescore.calc.rules import ScoreRules
from servicescore.calc.scoring import IndustryScores, MetricColumns
from servicescore.calc.windows import WindowSums


def metric_receipt(columns: MetricColumns, place: int) -> dict[str, Any]:
    """Everything known about one metric of the shop at ``place``; None where there is nothing.

    The trade modes of a metric are receipts of their own under ``modes``.
    """
    return {
        "value": plain(columns.value[place]),
        "num": int(columns.num[place]),
        "den": int(columns.den[place]),
        "n": int(columns.den[place]),
        "excl": int(columns.excl[place]),
        "wnum": plain(columns.wnum[place]),
        "wden": plain(columns.wden[place]),
        "present": bool(columns.present[place]),
        "percentile": plain(columns.result.percentile[place]),
        "score": plain(columns.result.score[place]),
        "estimate": bool(columns.result.estimate[place]),
        "peers": columns.peers,
        "peer_mid": plain(columns.peer_mid),
        "peer_top": plain(columns.peer_top),
        "benchmark": benchmark_receipt(columns.benchmark) if columns.benchmark else None,
        "modes": {mode: metric_receipt(part, place) for mode, part in columns.modes.items()},
    }


def benchmark_receipt(row: Benchmark) -> dict[str, Any]:
    """The row of a benchmark table that a score was measured by."""
    return {
        "as_of": row.as_of.isoformat(),
        "trade_mode": row.trade_mode,
        "cutoffs": list(row.cutoffs),
        "source": row.source,
    }


def score_content(scores: IndustryScores, rules: ScoreRules, place: int) -> dict[str, Any]:
    """The result of the shop at ``place`` under the field names of a stored revision."""
    return {
        "state": str(scores.state[place]),
        "total": plain(scores.total[place]),
        "stars": plain(scores.stars[place]),
        "estimate": bool(scores.estimate[place]),
        "percentile": plain(scores.percentile[place]),
        "peers_n": scores.peers,
        "signed_orders": int(scores.signed_orders[place]),
        "dimensions": {
            rule.id: {
                "score": plain(scores.dimensions[rule.id][place]),
                "percentile": plain(scores.dimension_percentiles[rule.id][place]),
                "weight": rule.weight,
            }
            for rule in rules.dimensions
        },
        "metrics": {
            name: metric_receipt(columns, place) for name, columns in scores.metrics.items()
        },
    }


def sums_of_receipts(contents: Sequence[Mapping[str, Any]], rules: ScoreRules) -> WindowSums:
    """The window sums that receipts hold, one entry per receipt: what a score is computed from.

    ``contents`` are results as :func:`score_content` gives them. Floats read back from JSON are
    the very ones that were stored, so that scores computed from them have the same bits.
    """
    rows = [dict(_stem_sums(content, rules)) for content in contents]
    stems = [stem for rule in rules.metrics.values() for stem in rule.metric.stems]

    def column(stem: str, part: str, kind: type) -> Any:
        return np.array([row[stem][part] for row in rows], dtype=kind)

    plain_sums = {
        f"{stem}_{part}": column(stem, part, np.int64)
        for stem in stems
        for part in ("num", "den", "excl")
    }
    signed = np.array([content["signed_orders"] for content in contents], dtype=np.int64)
    return WindowSums(
        plain={"signed_orders": signed, **plain_sums},
        weighted={
            f"{stem}_{part}": column(stem, f"w{part}", np.float64)
            for stem in stems
            for part in ("num", "den")
        },
    )


def benchmarks_of_receipts(
    contents: Iterable[Mapping[str, Any]], rules: ScoreRules
) -> dict[str, Benchmark]:
    """The benchmark each stem was measured by, as the receipts of an industry hold it."""
    return {
        stem: _benchmark(rules, stem, receipt["benchmark"])
        for content in contents
        for stem, receipt in _stem_sums(content, rules)
        if receipt.get("benchmark")
    }


def _benchmark(rules: ScoreRules, stem: str, kept: Mapping[str, Any]) -> Benchmark:
    names = [name for name, rule in rules.metrics.items() if stem in rule.metric.stems]
    return Benchmark(
        metric=names[0],
        trade_mode=kept["trade_mode"],
        as_of=date.fromisoformat(kept["as_of"]),
        cutoffs=tuple(kept["cutoffs"]),
        source=kept["source"],
    )


def _stem_sums(
    content: Mapping[str, Any], rules: ScoreRules
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The receipt of every stem of every metric: the metric itself or its trade modes."""
    for name, rule in rules.metrics.items():
        receipt = content["metrics"][name]
        modes = rule.metric.modes
        parts = [receipt["modes"][mode] for mode in modes] if modes else [receipt]
        yield from zip(rule.metric.stems, parts, strict=True)


def plain(value: float) -> float | None:
    """A Python float, or None for NaN."""
    number = float(value)
    return None if math.isnan(number) else number
