"""Whether one stored score is what its facts, and its own receipt, make of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd

from servicescore.calc.receipts import score_content, sums_of_receipts
from servicescore.calc.standpoint import scored_again
from servicescore.calc.windows import Integers, WindowSums, window_sums
from servicescore.selectors.daily import STORED_COLUMNS, days_counted, spread_window
from servicescore.selectors.receipts import differences
from servicescore.selectors.scores import ScoreView
from servicescore.selectors.standpoint import Results, results_around
from servicescore.selectors.stored_window import stored_window
from stores.models import Touch

TOLERANCE = 1e-9
# Records, each as often as a metric counts it, that are counted anew while somebody waits. The days
# beyond are read as the nights counted them, which `verify` holds to the records without a limit.
MOST_RECOUNTED = 60_000
COUNTS = [place for place, name in enumerate(STORED_COLUMNS) if name.endswith("_den")]
# What follows from a shop's own sums and its peers; marks of the peers are not compared.
FOLLOWS = ("state", "total", "stars", "dimensions")
OF_METRICS = ("value", "present", "percentile", "score", "estimate")


@dataclass(frozen=True)
class Difference:
    """A figure of the receipt that comes out otherwise now; ``metric`` is empty for the whole."""

    metric: str
    figure: str
    stored: float | str | None
    found: float | str | None


@dataclass(frozen=True)
class ReceiptCheck:
    """What verifying one receipt found.

    ``of_facts`` are inputs that the facts known now count otherwise: they came or changed since.
    ``of_result`` are results that do not follow from the stored inputs: they must be none.
    ``has_other_rules`` says that the text of the rules has changed since; then nothing is compared.
    ``recounted`` of the ``days`` of the window were counted anew record by record, the others are
    as the nights counted them; of these ``waiting`` have records that no night has counted yet.
    """

    of_facts: tuple[Difference, ...]
    of_result: tuple[str, ...]
    has_other_rules: bool
    recounted: int = 0
    days: int = 0
    waiting: int = 0

    @property
    def is_partly_recounted(self) -> bool:
        """Whether the shop is too large to count every record of its window while one waits."""
        return self.recounted < self.days

    @property
    def is_equal(self) -> bool:
        """Whether everything is as it was stored."""
        return not (self.of_facts or self.of_result or self.has_other_rules)


@dataclass(frozen=True)
class _Chosen:
    """How many days ago the days to count anew are, and the touched days left out."""

    ages: list[int]
    waiting: int


def receipt_checked(view: ScoreView) -> ReceiptCheck:
    """Count the window of a score anew from its facts, and score its stored inputs again.

    Reads facts, so it is for asking, not for every page view; of a window with more than
    :data:`MOST_RECOUNTED` records those of the touched and the newest days, which weigh most.
    """
    results = results_around(view)
    if view.rule_hash != results.rules.hash:
        return ReceiptCheck((), (), has_other_rules=True)
    last, days = view.date - timedelta(days=1), results.rules.window_days
    window = stored_window([view.shop_id], last, days)
    chosen = _chosen(view, window)
    counted = window_sums(
        _recounted(view, window, chosen.ages), STORED_COLUMNS, results.rules.half_life
    )
    return ReceiptCheck(
        of_facts=tuple(_of_facts(view, results, counted)),
        of_result=tuple(_of_result(view, results)),
        has_other_rules=False,
        recounted=len(chosen.ages),
        days=days,
        waiting=chosen.waiting,
    )


def _chosen(view: ScoreView, window: Integers) -> _Chosen:
    """Touched days first, then the newest, while their records are few enough; at least one."""
    last, days = view.date - timedelta(days=1), len(window)
    touches = Touch.objects.filter(shop=view.shop_id, consumed_by=None, day__lte=last)
    found = touches.values_list("day", flat=True).distinct()
    touched = {(last - day).days for day in found if (last - day).days < days}
    ages = sorted(range(days), key=lambda age: (age not in touched, age))
    records = np.cumsum(window[ages, 0][:, COUNTS].sum(axis=1))
    ages = ages[: max(1, int(np.searchsorted(records, MOST_RECOUNTED, side="right")))]
    return _Chosen(ages, len(touched.difference(ages)))


def _recounted(view: ScoreView, window: Integers, ages: list[int]) -> Integers:
    """The window with some of its days counted anew from the facts."""
    last = view.date - timedelta(days=1)
    pairs = [(view.shop_id, last - timedelta(days=age)) for age in ages]
    tables = pd.concat(list(days_counted(pairs)), ignore_index=True)
    fresh = spread_window(tables, [view.shop_id], last, len(window))
    window[ages] = fresh[ages]
    return window


def _of_facts(view: ScoreView, results: Results, counted: WindowSums) -> Iterator[Difference]:
    stored = sums_of_receipts([results.by_shop[view.shop_id]], results.rules)
    stems = {stem: name for name, r in results.rules.metrics.items() for stem in r.metric.stems}
    for kind in ("plain", "weighted"):
        for column, values in getattr(stored, kind).items():
            was, is_now = float(values[0]), float(getattr(counted, kind)[column][0])
            if abs(was - is_now) > TOLERANCE * max(1.0, abs(was)):
                stem, _, part = column.rpartition("_")
                figure = part if kind == "plain" else f"w{part}"
                yield Difference(stems.get(stem, ""), figure, was, is_now)


def _of_result(view: ScoreView, results: Results) -> list[str]:
    own = results.by_shop[view.shop_id]
    stand = results.stand(view.shop_id)
    found = score_content(scored_again(stand, stand.sums), results.rules, 0)
    names = [name for name in FOLLOWS if name in own]
    wrong = [p for n in names for p in differences(own[n], found[n], TOLERANCE, n)]
    for metric, receipt in own["metrics"].items():
        for name in OF_METRICS:
            path = f"metrics.{metric}.{name}"
            wrong += differences(receipt[name], found["metrics"][metric][name], TOLERANCE, path)
    return wrong
