"""What single records do to the total, for the rows of a metric's page and of its download."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

import numpy as np

from servicescore.calc.declaration import Metric
from servicescore.calc.marginal import effects_on_total
from servicescore.calc.standpoint import Standpoint
from servicescore.selectors.metric_rows import Row

# Records worked out together while a download is streamed.
AT_A_TIME = 1000


def with_effects(stand: Standpoint, metric: Metric, rows: Sequence[Row]) -> list[Row]:
    """The rows with the total without each less the total with it; None where it does not count."""
    effects: dict[int, float] = {}
    for mode in {row.mode for row in rows}:
        stem = f"{metric.id}_{mode}" if metric.modes else metric.id
        places = [n for n, row in enumerate(rows) if row.mode == mode and row.den]
        if not places or f"{stem}_den" not in stand.sums.plain:
            continue
        found = effects_on_total(
            stand,
            stem,
            np.array([rows[n].weight for n in places], dtype=np.float64),
            np.array([rows[n].num for n in places], dtype=np.int64),
            np.array([rows[n].den for n in places], dtype=np.int64),
        )
        known = zip(places, found.tolist(), strict=True)
        effects |= {n: effect for n, effect in known if not np.isnan(effect)}
    return [replace(row, total_effect=effects.get(n)) for n, row in enumerate(rows)]


def streamed_with_effects(stand: Standpoint, metric: Metric, rows: Iterable[Row]) -> Iterator[Row]:
    """The same for any number of rows, a thousand at a time in memory."""
    source = iter(rows)
    while part := list(islice(source, AT_A_TIME)):
        yield from with_effects(stand, metric, part)
