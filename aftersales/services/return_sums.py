"""Keeps the sums the pages of diagnostics read, in the place of those of the night before."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
from django.utils import timezone

from aftersales.calc.finding_rules import FindingRules
from aftersales.calc.lines import lines_by_shop
from aftersales.calc.return_sums import APPLIED, MEASURES, Limits, ReturnSums, return_sums
from aftersales.findings import cuts
from aftersales.models import ReturnSumsRow
from aftersales.selectors.around_returns import days_around
from shopguard.lib.frames import rows_write

# What nobody reads one by one is summed up.
LIMITS = Limits(values=60, products=12, reasons=10, top=3)
COLUMNS = (
    "shop_id", "basis", "date", "days", "cuts", "reasons", "heat", "around", "computed_at",
)  # fmt: skip


def sums_keep(
    *, day: date, shop_ids: Sequence[int], frames: Mapping[str, pd.DataFrame], rules: FindingRules
) -> None:
    """Keep the sums of the window up to ``day``, one frame of lines per date basis.

    A shop whose sums are of a later day keeps those: pages show the newest only. Must run inside
    the caller's transaction.
    """
    later = ReturnSumsRow.objects.filter(shop__in=shop_ids, date__gt=day)
    wanted = set(shop_ids) - set(later.values_list("shop", flat=True))
    around = days_around(shop_ids=list(wanted), day=day, window_days=rules.window_days)
    ReturnSumsRow.objects.filter(shop__in=wanted).delete()
    now, nothing = timezone.now(), [[0] * 5] * rules.window_days
    rows = (
        (
            shop, basis, day, _json(sums.days), _json(sums.cuts), _json(sums.reasons),
            _json(sums.heat), _json(around.get(shop, nothing)), now,
        )
        for basis, frame in frames.items()
        for shop, sums in _of_shops(basis, frame, rules, wanted).items()
    )  # fmt: skip
    rows_write(ReturnSumsRow._meta.db_table, COLUMNS, rows)


def _of_shops(
    basis: str, frame: pd.DataFrame, rules: FindingRules, wanted: set[int]
) -> dict[int, ReturnSums]:
    """A shop without lines has sums of nothing."""
    empty: dict[str, list[object]] = {"products": [], "totals": [], "reasons": [], "cells": []}
    days: list[list[object]] = [[*[0] * len(MEASURES), []] for _ in range(rules.window_days)]
    found = {shop: ReturnSums(days, {}, [], empty) for shop in wanted}
    for shop, lines in lines_by_shop(frame):
        if shop in wanted:
            found[shop] = return_sums(
                lines, rules.window_days, rules, cuts(), LIMITS, is_tested=basis != APPLIED
            )
    return found


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
