"""Stored scores beside what another rule set would make of the same days."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from servicescore.calc.benchmarks import benchmarks_in_force
from servicescore.calc.preview import reasons
from servicescore.calc.scoring import industry_scores
from servicescore.calc.windows import window_sums
from servicescore.metrics import metrics
from servicescore.rules import compiled_score_rules
from servicescore.selectors.benchmarks import benchmarks_of
from servicescore.selectors.change_export import results_on
from servicescore.selectors.changes import under_rules
from servicescore.selectors.daily import STORED_COLUMNS
from servicescore.selectors.scores import ScoreView
from servicescore.selectors.standpoint import Results, results_around
from servicescore.selectors.stored_window import stored_window
from stores.models import Shop


@dataclass(frozen=True)
class Preview:
    """A shop's total of a date under the rules in force and under others.

    ``why`` is what each metric adds to the difference, the strongest first; empty where either
    total is missing.
    """

    shop_id: int
    shop_key: str
    total: float | None
    other: float | None
    why: tuple[tuple[str, float], ...]

    @property
    def change(self) -> float | None:
        """Points won or lost by the other rules."""
        if self.total is None or self.other is None:
            return None
        return self.other - self.total


@dataclass(frozen=True)
class PreviewDay:
    """A shop's stored total of a date and the one by the other rules."""

    day: date
    total: float | None
    other: float | None


def preview_of(view: ScoreView, other: str) -> Preview:
    """One shop under the rule set ``other``. Raises RuleError when there is none of that id."""
    results = results_around(view)
    return next(_previews(results, other, [view.shop_id]))


def previews_on(day: date, other: str) -> list[Preview]:
    """Every shop of a date under the rule set ``other``, who loses most first.

    Shops without two totals come last. Raises NothingComputedError without scores of the date and
    RuleError when there is no rule set of that id.
    """
    results = results_on(day)
    found = _previews(results, other, list(results.by_shop))
    return sorted(found, key=lambda one: (one.change is None, one.change or 0, one.shop_key))


def _previews(results: Results, other: str, shops: Sequence[int]) -> Iterator[Preview]:
    rules = compiled_score_rules(other)
    compared = under_rules(results, rules)
    for shop in shops:
        own, theirs = results.by_shop[shop], compared.by_shop[shop]
        why = reasons(own, results.rules, theirs, rules)
        yield Preview(
            shop_id=shop,
            shop_key=str(own["shop__external_id"]),
            total=own["total"],
            other=theirs["total"],
            why=tuple(sorted(why.items(), key=lambda pair: -abs(pair[1]))),
        )


def preview_history(
    shop: Shop, stored: Sequence[tuple[date, float | None]], other: str
) -> list[PreviewDay]:
    """The dates and stored totals of a shop with the totals by the rule set ``other``.

    Its industry is scored anew on each date, from daily rows as they are now and in one reading.
    Raises RuleError when there is no rule set of that id.
    """
    if not stored:
        return []
    rules = compiled_score_rules(other)
    shops = list(
        Shop.objects.filter(industry=shop.industry).order_by("pk").values_list("pk", flat=True)
    )
    days = [day for day, _ in stored]
    newest = max(days)
    window = stored_window(
        shops, newest - timedelta(days=1), rules.window_days + (newest - min(days)).days
    )
    tables = benchmarks_of(shop.industry)
    found = []
    for day, total in stored:
        back = (newest - day).days
        sums = window_sums(window[back : back + rules.window_days], STORED_COLUMNS, rules.half_life)
        in_force = benchmarks_in_force(tables, metrics().values(), day)
        totals = industry_scores(sums, rules, shop.industry, in_force).total
        theirs = float(totals[shops.index(shop.pk)])
        found.append(PreviewDay(day, total, None if np.isnan(theirs) else theirs))
    return found
