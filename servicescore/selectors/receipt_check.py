"""Whether one stored score is what its facts, and its own receipt, make of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pandas as pd

from servicescore.calc.receipts import score_content, sums_of_receipts
from servicescore.calc.standpoint import scored_again
from servicescore.calc.windows import WindowSums, window_sums
from servicescore.selectors.daily import STORED_COLUMNS, days_counted, spread_window
from servicescore.selectors.receipts import differences
from servicescore.selectors.scores import ScoreView
from servicescore.selectors.standpoint import Results, results_around

TOLERANCE = 1e-9
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
    """

    of_facts: tuple[Difference, ...]
    of_result: tuple[str, ...]
    has_other_rules: bool

    @property
    def is_equal(self) -> bool:
        """Whether everything is as it was stored."""
        return not (self.of_facts or self.of_result or self.has_other_rules)


def receipt_checked(view: ScoreView) -> ReceiptCheck:
    """Count the window of a score anew from its facts, and score its stored inputs again.

    Reads every fact of the shop's window, so it is for asking, not for every page view.
    """
    results = results_around(view)
    if view.rule_hash != results.rules.hash:
        return ReceiptCheck((), (), has_other_rules=True)
    return ReceiptCheck(
        of_facts=tuple(_of_facts(view, results)),
        of_result=tuple(_of_result(view, results)),
        has_other_rules=False,
    )


def _of_facts(view: ScoreView, results: Results) -> Iterator[Difference]:
    stored = sums_of_receipts([results.by_shop[view.shop_id]], results.rules)
    counted = _counted(view, results)
    stems = {stem: name for name, r in results.rules.metrics.items() for stem in r.metric.stems}
    for kind in ("plain", "weighted"):
        for column, values in getattr(stored, kind).items():
            was, is_now = float(values[0]), float(getattr(counted, kind)[column][0])
            if abs(was - is_now) > TOLERANCE * max(1.0, abs(was)):
                stem, _, part = column.rpartition("_")
                figure = part if kind == "plain" else f"w{part}"
                yield Difference(stems.get(stem, ""), figure, was, is_now)


def _counted(view: ScoreView, results: Results) -> WindowSums:
    last, days = view.date - timedelta(days=1), results.rules.window_days
    pairs = [(view.shop_id, last - timedelta(days=back)) for back in range(days)]
    tables = pd.concat(list(days_counted(pairs)), ignore_index=True)
    window = spread_window(tables, [view.shop_id], last, days)
    return window_sums(window, STORED_COLUMNS, results.rules.half_life)


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
