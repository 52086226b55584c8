"""行业基准: cut-offs of an industry. Only admins and the command line import them."""

import numpy as np
from django.db.models.functions import Now

from servicescore.calc.benchmarks import CUTOFFS, runs_well
from servicescore.metrics import metrics
from servicescore.models import BenchmarkRow
from shopguard.lib.days import number_day
from stores.calc.cells import Code, Day, Decimals, Label
from stores.kinds._declare import Change, Column, Columns, Kind, Mask, Rule, Target

MODES = tuple(dict.fromkeys(mode for metric in metrics().values() for mode in metric.modes))


def _out_of_order(row: Columns) -> Mask:
    """Cut-offs that do not get better from each to the next, whichever way the metric is better."""
    columns = (row["metric"].tolist(), *(row[name].tolist() for name in CUTOFFS))
    return np.array(
        [
            not runs_well(dict(zip(CUTOFFS, cutoffs, strict=True)), metrics()[name].better)
            for name, *cutoffs in zip(*columns, strict=True)
        ],
        dtype=np.bool_,
    )


def _mode_of_none(row: Columns) -> Mask:
    """A trade mode for a metric that is not kept apart by them."""
    pairs = zip(row["metric"].tolist(), row["trade_mode"].tolist(), strict=True)
    return np.array(
        [bool(mode) and mode not in metrics()[name].modes for name, mode in pairs], dtype=np.bool_
    )


def _changed(change: Change) -> None:
    """Date the rows after they are locked; a few more than changed do no harm."""
    if change.touched.any():
        industries, names, days = (
            {*change.keys[key][change.touched].tolist()} for key in ("industry", "metric", "day")
        )
        dates = [number_day(day) for day in days]
        rows = BenchmarkRow.objects.filter(industry__in=industries, metric__in=names, day__in=dates)
        rows.update(changed_at=Now())


KIND = Kind(
    name="benchmarks",
    label_zh="行业基准",
    label_en="Industry benchmarks",
    identity=(
        Column("industry", Label(64)),
        Column("metric", Code(tuple(metrics()))),
        Column("trade_mode", Code(MODES), may_be_empty=True),
        Column("as_of", Day()),
    ),
    admin_only=True,
    of_shops=False,
    record=Target(
        model=BenchmarkRow,
        scoped=False,
        keys={
            "industry": "industry",
            "metric": "metric",
            "trade_mode": "trade_mode",
            "day": "as_of",
        },
        columns=(
            *(Column(name, Decimals(BenchmarkRow.PLACES), required=True) for name in CUTOFFS),
            Column("source", Label(200)),
        ),
        rules=(
            Rule("cutoffs_not_in_order", "p10", "error", _out_of_order),
            Rule("no_trade_modes", "trade_mode", "error", _mode_of_none),
        ),
    ),
    follow_ups=(_changed,),
)
