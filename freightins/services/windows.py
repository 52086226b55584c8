"""Keeps the counts of pricing windows that the quotes of a night are computed from."""

from datetime import date

import pandas as pd

from freightins.models import PricingWindow
from freightins.rules import fee_sets
from freightins.selectors.windows import COUNTED, windows_counted
from stores.models import Run, Shop

IDENTITY = ("shop", "day", "first_day", "last_day")


def windows_count(*, run_id: int, shop_ids: list[int]) -> int:
    """Count the windows of the shops for the run's date, one per window the rule sets know.

    Returns the rows written; rows of an earlier run of the date are replaced. Must run inside the
    caller's transaction.
    """
    day = Run.objects.get(pk=run_id).day
    shops = list(Shop.objects.filter(pk__in=shop_ids).order_by("pk"))
    windows = {rules.window_days(day): rules for rules in fee_sets()}
    rows = [
        row
        for (first, last), rules in windows.items()
        for row in _rows(day, first, last, windows_counted(shops, rules, first, last))
    ]
    PricingWindow.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=IDENTITY, update_fields=COUNTED
    )
    return len(rows)


def _rows(day: date, first: date, last: date, counted: pd.DataFrame) -> list[PricingWindow]:
    return [
        PricingWindow(
            shop_id=shop,
            day=day,
            first_day=first,
            last_day=last,
            **dict(zip(COUNTED, numbers, strict=True)),
        )
        for shop, *numbers in counted.reset_index().to_numpy().tolist()
    ]
