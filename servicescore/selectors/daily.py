"""Daily statistics: counted anew from the facts, or read from the stored rows."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

import numpy as np
import pandas as pd
from django.db.models import F, Value
from django.db.models.functions import Concat

from servicescore.calc.daily import daily_table
from servicescore.calc.windows import Integers, dense_window
from servicescore.metrics import daily_columns, metrics
from servicescore.models import DailyRow
from servicescore.rules import compiled_event_rules, event_book
from servicescore.selectors.facts import facts_load, spans_of
from shopguard.lib.days import day_number
from stores.models import Shop

# How many shop-days are counted at a time, so that memory stays flat from scratch too.
PAIRS_AT_A_TIME = 10_000
STORED_COLUMNS = ("signed_orders", *daily_columns())


def events_hash(rules_hash: str, derived_with: str) -> str:
    """The mark of a daily row: what counted as an event and how deadlines were derived."""
    return f"{rules_hash}.{derived_with}"


def outdated_days(shop_ids: Collection[int]) -> set[tuple[int, date]]:
    """The (shop, day) pairs whose stored row was counted under rules no longer in force."""
    found: set[tuple[int, date]] = set()
    for rules in event_book().sets:
        rows = DailyRow.objects.filter(shop__in=shop_ids)
        if rules.effective_on:
            rows = rows.filter(day__gte=rules.effective_on)
        if rules.ends_on:
            rows = rows.filter(day__lte=rules.ends_on)
        current = Concat(Value(events_hash(rules.hash, "")), F("shop__derived_with"))
        found.update(rows.exclude(events_hash=current).values_list("shop_id", "day"))
    return found


def days_counted(pairs: Collection[tuple[int, date]]) -> Iterator[pd.DataFrame]:
    """Daily statistics counted from the facts, some thousand shop-days at a time.

    Each frame has int64 shop and day (a day number), ``events_hash`` and the stored columns, one
    row per pair; a day without facts is a row of zeros.
    """
    derived = dict(
        Shop.objects.filter(pk__in={shop_id for shop_id, _ in pairs}).values_list(
            "pk", "derived_with"
        )
    )
    for rule_id, group in _by_rules(pairs).items():
        rules = compiled_event_rules(rule_id)
        for begin in range(0, len(group), PAIRS_AT_A_TIME):
            part = group[begin : begin + PAIRS_AT_A_TIME]
            table = daily_table(_pair_frame(part), facts_load(spans_of(part)), rules, metrics())
            marks = [events_hash(rules.hash, derived[shop_id]) for shop_id, _ in part]
            yield table.assign(events_hash=marks)


def spread_window(rows: pd.DataFrame, shop_ids: Sequence[int], last: date, days: int) -> Integers:
    """Daily rows with int64 shop and day as an array of [days, shops, columns].

    Index 0 is ``last``, the columns are :data:`STORED_COLUMNS`; days without a row hold zeros.
    """
    places = pd.Index(shop_ids).get_indexer(pd.Index(rows["shop"]))
    ages = (day_number(last) + 1 - rows["day"]).to_numpy(np.int64)
    table = rows[list(STORED_COLUMNS)].to_numpy(np.int64)
    return dense_window(places, ages, table, shops=len(shop_ids), days=days)


def _by_rules(pairs: Collection[tuple[int, date]]) -> Mapping[str, list[tuple[int, date]]]:
    book = event_book()
    rule_of = {day: book.in_force(day).id for day in {day for _, day in pairs}}
    groups: dict[str, list[tuple[int, date]]] = defaultdict(list)
    for shop_id, day in sorted(pairs):
        groups[rule_of[day]].append((shop_id, day))
    return groups


def _pair_frame(pairs: Sequence[tuple[int, date]]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "shop": np.array([shop_id for shop_id, _ in pairs], dtype=np.int64),
            "day": np.array([day_number(day) for _, day in pairs], dtype=np.int64),
        }
    )
