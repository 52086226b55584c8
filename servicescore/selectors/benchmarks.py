"""The benchmark tables that have been imported."""

from datetime import date, datetime

from servicescore.calc.benchmarks import CUTOFFS, Benchmark
from servicescore.models import BenchmarkRow


def benchmarks_of(industry: str) -> list[Benchmark]:
    """Every row for an industry, of any date."""
    fields = ("metric", "trade_mode", "day", "source", *CUTOFFS)
    rows = BenchmarkRow.objects.filter(industry=industry).values_list(*fields)
    return [
        Benchmark(metric, mode, day, tuple(value / BenchmarkRow.SCALE for value in cutoffs), source)
        for metric, mode, day, source, *cutoffs in rows
    ]


def benchmarks_changed(industry: str, *, day: date) -> datetime | None:
    """When the newest row that could matter on ``day`` came or changed; None without any."""
    rows = BenchmarkRow.objects.filter(industry=industry, day__lte=day).order_by("-changed_at")
    return rows.values_list("changed_at", flat=True).first()
