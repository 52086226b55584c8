"""Tables of an industry's cut-offs, which take the place of ranks among local shops."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from servicescore.calc.declaration import Metric

# The shares of an industry at whose values a table is cut, worst first.
CUTOFFS = ("p10", "p30", "p60", "p80", "p95")


@dataclass(frozen=True)
class Benchmark:
    """One row of a benchmark table: the values of a metric at :data:`CUTOFFS`, worst first.

    ``cutoffs`` are in the unit the metric is shown in. ``trade_mode`` is empty for all modes.
    """

    metric: str
    trade_mode: str
    as_of: date
    cutoffs: tuple[float, ...]
    source: str


def benchmarks_in_force(
    rows: Iterable[Benchmark], declared: Iterable[Metric], day: date
) -> dict[str, Benchmark]:
    """The row each stem of the metrics is measured by on ``day``, those without one left out.

    Of the rows dated up to ``day`` one of the trade mode goes before one of all modes, then the
    newest.
    """
    found: dict[tuple[str, str], Benchmark] = {}
    for row in sorted(rows, key=lambda row: row.as_of):
        if row.as_of <= day:
            found[row.metric, row.trade_mode] = row
    stems = [(stem, m.id, mode) for m in declared for stem, mode in _modes(m)]
    chosen = {stem: found.get((name, mode)) or found.get((name, "")) for stem, name, mode in stems}
    return {stem: row for stem, row in chosen.items() if row is not None}


def _modes(metric: Metric) -> Iterable[tuple[str, str]]:
    return zip(metric.stems, metric.modes or ("",), strict=True)


def runs_well(cutoffs: Mapping[str, float], better: str) -> bool:
    """Whether cut-offs get better, or at least not worse, from each to the next."""
    values = [cutoffs[name] for name in CUTOFFS]
    return values == sorted(values, reverse=better == "low")
