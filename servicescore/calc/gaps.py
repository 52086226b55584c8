"""How far a shop is from a total: the smallest change of one metric that reaches it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from servicescore.calc.moving import best_value, moved, records_needed, value_of
from servicescore.calc.rules import Floats, MetricRule
from servicescore.calc.standpoint import Standpoint, repeated, scored_again
from servicescore.calc.windows import WindowSums

# Points tried at a time between a value that does not reach and one that does, and how often this
# is done until the two differ by no more than the last bits of a number.
TRIED = 60
TIMES = int(np.ceil(np.log(np.finfo(float).eps) / -np.log(TRIED - 1)))


@dataclass(frozen=True)
class Gap:
    """What one metric alone can do for a total of ``bound``.

    ``current`` and ``value`` are in the shown unit; ``value`` is the nearest that reaches the
    bound, None when none does, and ``records`` how many misses of a rate that turns good.
    ``best_total`` is what the metric at its best would give, ``way`` the share of the way there.
    """

    metric: str
    bound: float
    current: float
    value: float | None
    records: int | None
    best_total: float
    way: float | None


def gaps_to(stand: Standpoint, bound: float) -> list[Gap]:
    """Every present metric's gap to a total of ``bound``, the shortest way first.

    Those that cannot reach it alone come last, the one that comes nearest first. Empty for a shop
    without a total, all ``value`` = ``current`` for one that is there already.
    """
    scores = scored_again(stand, stand.sums)
    if np.isnan(scores.total[0]):
        return []
    names = [n for n, column in scores.metrics.items() if not np.isnan(column.result.score[0])]
    rules = [stand.rules.metrics[name] for name in names]
    current = np.array([value_of(stand.sums, rule)[0] for rule in rules])
    best = np.array([best_value(stand, rule) for rule in rules])
    totals = _totals(stand, rules, best[:, None])[:, 0]
    reached = _nearest(stand, rules, current, best, bound)
    there = bool(scores.total[0] >= bound)
    found = []
    for place, rule in enumerate(rules):
        value = float(current[place] if there else reached[place])
        reaches = there or bool(totals[place] >= bound)
        span = best[place] - current[place]
        found.append(
            Gap(
                metric=rule.metric.id,
                bound=bound,
                current=float(current[place]),
                value=value if reaches else None,
                records=records_needed(stand.sums, rule, value) if reaches else None,
                best_total=float(totals[place]),
                way=float((value - current[place]) / span) if reaches and span else None,
            )
        )
    return sorted(found, key=lambda gap: (gap.value is None, gap.way or 0, -gap.best_total))


def _nearest(
    stand: Standpoint, rules: Sequence[MetricRule], current: Floats, best: Floats, bound: float
) -> Floats:
    """The value nearest to ``current`` from which each metric reaches the bound, towards its best.

    A better value never scores worse, so the first of the tried points that reaches it and the one
    before hold the answer between them.
    """
    low, high = current, best
    steps = np.linspace(0, 1, TRIED)
    rows = np.arange(len(rules))
    for _ in range(TIMES):
        tried = low[:, None] + (high - low)[:, None] * steps
        tried[:, -1] = high
        first = np.argmax(_totals(stand, rules, tried) >= bound, axis=1)
        first = np.where(first > 0, first, TRIED - 1)
        low, high = tried[rows, first - 1], tried[rows, first]
    return high


def _totals(stand: Standpoint, rules: Sequence[MetricRule], values: Floats) -> Floats:
    """The total with each metric at each of its ``values``: arrays of [metrics, tries]."""
    width = values.shape[1]
    sums = [
        moved(repeated(stand.sums, width), rule, row)
        for rule, row in zip(rules, values, strict=True)
    ]
    joined = WindowSums(
        plain={name: np.concatenate([one.plain[name] for one in sums]) for name in sums[0].plain},
        weighted={
            name: np.concatenate([one.weighted[name] for one in sums]) for name in sums[0].weighted
        },
    )
    return scored_again(stand, joined).total.reshape(values.shape)
