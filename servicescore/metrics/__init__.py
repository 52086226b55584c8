"""The metrics of the score: one file each, found by this folder."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from servicescore.calc.declaration import Metric
from shopguard.lib.registry import collect


@cache
def metrics() -> Mapping[str, Metric]:
    """Every declared metric by its id, in id order.

    Raises TypeError when a file of the folder declares no metric, ValueError when two share an id.
    """
    found = collect(__name__, "METRIC", Metric)
    by_id = {metric.id: metric for metric in sorted(found, key=lambda metric: metric.id)}
    if len(by_id) != len(found):
        raise ValueError("two files declare a metric of the same id")
    return MappingProxyType(by_id)


def daily_columns() -> tuple[str, ...]:
    """The columns of a daily row that metrics own, in storage order."""
    return tuple(column for metric in metrics().values() for column in metric.columns())
