"""The recovery calendar: the totals to come, and when the days that hurt leave the window."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from servicescore.calc.fading import day_effects
from servicescore.calc.forecast import Prospect, band_of, prospect_of
from servicescore.calc.weekly import Days
from servicescore.rules import compiled_outlook_rules
from servicescore.selectors.daily import STORED_COLUMNS
from servicescore.selectors.scores import ScoreView
from servicescore.selectors.standpoint import Results, results_around
from servicescore.selectors.stored_window import stored_window
from shopguard.lib.days import day_number

PLACES = {name: place for place, name in enumerate(STORED_COLUMNS)}


@dataclass(frozen=True)
class Outlook:
    """The total expected on a day to come, with a band of 80 %."""

    target: date
    expected: float
    low: float
    high: float


@dataclass(frozen=True)
class BadDay:
    """A day that holds the total down by ``effect`` points until it leaves the window.

    ``by_metric`` is what its records of each metric do to the total, the worst first.
    """

    day: date
    leaves_on: date
    effect: float
    by_metric: dict[str, float]


def bad_days(view: ScoreView, limit: int) -> list[BadDay]:
    """The days of the window without which the total would be highest, as daily rows are now."""
    results = results_around(view)
    window = stored_window([view.shop_id], view.date - timedelta(days=1), view.rules.window_days)
    found = day_effects(results.stand(view.shop_id), Days(window, PLACES))[:limit]
    return [
        BadDay(
            day=view.date - timedelta(days=one.age),
            leaves_on=view.date - timedelta(days=one.age - 1 - view.rules.window_days),
            effect=one.effect,
            by_metric=dict(sorted(one.by_metric.items(), key=lambda pair: -pair[1])),
        )
        for one in found
    ]


def forecast_of(view: ScoreView, days: int | None = None) -> list[Outlook]:
    """One entry per day ahead, as many as the rules of the forecast say; empty without a total."""
    if view.total is None:
        return []
    results = results_around(view)
    industry = str(results.by_shop[view.shop_id]["industry"])
    found = dict(outlooks_of(results, industry, days, only=view.shop_id))
    return found[view.shop_id]


def outlooks_of(
    results: Results, industry: str, days: int | None, *, only: int | None = None
) -> Iterator[tuple[int, list[Outlook]]]:
    """The forecast of every shop of an industry that has a total, or of ``only`` one of them."""
    shops = results.shops_of(industry)
    prospect = _prospect(results, industry, shops, days)
    for place, shop in enumerate(shops):
        # The same shop and day give the same draws, in a file and on a page.
        if results.by_shop[shop]["total"] is not None and only in (None, shop):
            seed = [
                day_number(results.day),
                *str(results.by_shop[shop]["shop__external_id"]).encode(),
            ]
            yield shop, _outlook(prospect, place, seed, results.day)


def _prospect(results: Results, industry: str, shops: list[int], days: int | None) -> Prospect:
    rules, outlook = results.rules, compiled_outlook_rules()
    window = stored_window(shops, results.day - timedelta(days=1), rules.window_days)
    tables = results.benchmarks_of(industry)
    horizon = outlook.days if days is None else days
    return prospect_of(Days(window, PLACES), rules, outlook, industry, tables, horizon)


def _outlook(prospect: Prospect, place: int, seed: list[int], day: date) -> list[Outlook]:
    band = band_of(prospect, place, np.random.default_rng(seed))
    return [
        Outlook(day + timedelta(days=ahead), float(expected), float(low), float(high))
        for ahead, (expected, low, high) in enumerate(
            zip(band.expected, band.low, band.high, strict=True), 1
        )
        if not np.isnan(expected)
    ]
