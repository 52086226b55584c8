"""Facts into daily statistics: one row of integers per shop and day."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from servicescore.calc.declaration import PARTS, Metric
from servicescore.calc.events import EventRules
from servicescore.calc.facts import Facts
from servicescore.calc.windows import Integers

KEYS = ["shop", "day"]


def daily_table(
    pairs: pd.DataFrame, facts: Facts, rules: EventRules, declared: Mapping[str, Metric]
) -> pd.DataFrame:
    """Count every metric on every given day; a day without facts is a row of zeros.

    ``pairs`` holds distinct shop and day; ``facts`` must lie on those days. Returns int64 columns
    shop, day, signed_orders and those of every metric, one row per pair in the order given.
    """
    place = pd.MultiIndex.from_frame(pairs[KEYS])
    orders = facts.signed.groupby(KEYS, as_index=False, sort=False).size()
    columns = {"signed_orders": _spread(place, orders, orders["size"])}
    for metric in declared.values():
        counted = metric.daily(facts, rules)
        for stem, rows in _by_stem(metric, counted):
            for part in PARTS:
                columns[f"{stem}_{part}"] = _spread(place, rows, rows[part])
    return pd.concat([pairs[KEYS].reset_index(drop=True), pd.DataFrame(columns)], axis="columns")


def _by_stem(metric: Metric, counted: pd.DataFrame) -> Sequence[tuple[str, pd.DataFrame]]:
    if not metric.modes:
        return [(metric.id, counted)]
    return [
        (stem, counted[counted["mode"] == mode])
        for mode, stem in zip(metric.modes, metric.stems, strict=True)
    ]


def _spread(place: pd.MultiIndex, rows: pd.DataFrame, values: pd.Series) -> Integers:
    column = np.zeros(len(place), dtype=np.int64)
    where = place.get_indexer(pd.MultiIndex.from_frame(rows[KEYS]))
    if (where < 0).any():
        raise ValueError("facts lie on a day that was not asked for")
    column[where] = values.to_numpy()
    return column
