"""The scores of an industry on a date, worked out without storing anything."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd

from servicescore.calc.benchmarks import Benchmark, benchmarks_in_force
from servicescore.calc.receipts import score_content
from servicescore.calc.rules import ScoreRules
from servicescore.calc.scoring import industry_scores
from servicescore.calc.windows import Integers, window_sums
from servicescore.metrics import metrics
from servicescore.rules import compiled_score_rules
from servicescore.selectors.benchmarks import benchmarks_of
from servicescore.selectors.daily import (
    STORED_COLUMNS,
    days_counted,
    spread_window,
)
from servicescore.selectors.stored_window import stored_window
from stores.models import Shop


def industry_contents(
    *, day: date, rule_set: str, industry: str, from_facts: bool = False
) -> dict[int, dict[str, Any]]:
    """What a run of ``day`` would store for each shop of ``industry``, keyed by shop.

    The values are the fields of a revision (see :func:`score_content`). ``from_facts`` counts the
    whole window anew instead of reading the stored daily rows: what `verify` compares with.
    """
    rules = compiled_score_rules(rule_set)
    shops = _shops_of(industry)
    last = day - timedelta(days=1)
    read = _counted_window if from_facts else stored_window
    tables = benchmarks_in_force(benchmarks_of(industry), metrics().values(), day)
    return _contents(read(shops, last, rules.window_days), shops, rules, industry, tables)


def counted_contents(
    *, days: Sequence[date], rule_set: str, industry: str
) -> Iterator[tuple[date, dict[int, dict[str, Any]]]]:
    """:func:`industry_contents` from the facts for several days, each fact counted once.

    Holds the daily statistics from the first window's begin to the last day in memory.
    """
    rules = compiled_score_rules(rule_set)
    shops = _shops_of(industry)
    last = max(days) - timedelta(days=1)
    span = (max(days) - min(days)).days
    window = _counted_window(shops, last, span + rules.window_days)
    rows = benchmarks_of(industry)
    for day in days:
        back = (max(days) - day).days
        part = window[back : back + rules.window_days]
        tables = benchmarks_in_force(rows, metrics().values(), day)
        yield day, _contents(part, shops, rules, industry, tables)


def stored_contents(
    *, days: Sequence[date], rule_sets: Sequence[str], industry: str
) -> dict[str, dict[date, dict[int, dict[str, Any]]]]:
    """:func:`industry_contents` under several rule sets on several days, each row read once."""
    compiled = {name: compiled_score_rules(name) for name in rule_sets}
    shops, benchmarks = _shops_of(industry), benchmarks_of(industry)
    last = max(days) - timedelta(days=1)
    longest = max(rules.window_days for rules in compiled.values())
    window = stored_window(shops, last, (max(days) - min(days)).days + longest)
    found: dict[str, dict[date, dict[int, dict[str, Any]]]] = {name: {} for name in rule_sets}
    for day in days:
        back = (max(days) - day).days
        tables = benchmarks_in_force(benchmarks, metrics().values(), day)
        for name, rules in compiled.items():
            part = window[back : back + rules.window_days]
            found[name][day] = _contents(part, shops, rules, industry, tables)
    return found


def _shops_of(industry: str) -> list[int]:
    return list(Shop.objects.filter(industry=industry).order_by("pk").values_list("pk", flat=True))


def _contents(
    window: Integers,
    shops: Sequence[int],
    rules: ScoreRules,
    industry: str,
    tables: Mapping[str, Benchmark],
) -> dict[int, dict[str, Any]]:
    sums = window_sums(window, STORED_COLUMNS, rules.half_life)
    scores = industry_scores(sums, rules, industry, tables)
    return {shop: score_content(scores, rules, place) for place, shop in enumerate(shops)}


def _counted_window(shops: Sequence[int], last: date, days: int) -> Integers:
    pairs = [(shop, last - timedelta(days=back)) for shop in shops for back in range(days)]
    tables = list(days_counted(pairs))
    return spread_window(pd.concat(tables, ignore_index=True), shops, last, days)
