"""Sums of returns as a night keeps them, for the pages of diagnostics."""

from datetime import date, timedelta

from django.utils import timezone

from aftersales.models import FindingRow, FindingSet, Fix, FixEffect, ReturnSumsRow
from stores.models import OrderLine, Review, Run, Shop

DAYS = 90
FIX = 900_001  # beyond what any sequence has given out
# Codes read the same in every language.
REASONS = [["R1", 140], ["R2", 40], ["", 20]]
HEAT = {
    "products": ["101001", "101002"],
    "totals": [120, 60],
    "reasons": [text for text, _n in REASONS],
    "cells": [[0, 0, 90, 0.001], [0, 1, 30, None], [1, 0, 50, 0.8], [1, 1, 10, None]],
}


def sums_build(shop: Shop, day: date) -> None:
    """Sums by every date basis up to a day, and a fix."""
    sums_only(shop, day)
    fix_build(shop, day)


def sums_only(shop: Shop, day: date) -> None:
    """Sums by every date basis up to a day: twenty lines a day, and one week too many returns."""
    days = [
        [
            20, 8 if 40 <= at < 45 else at % 4, int(at % 9 == 0), int(at % 7 == 0),
            9900 * (at % 4), 700, 0, [[0, at % 4]] if at % 4 else [],
        ]
        for at in range(DAYS)
    ]  # fmt: skip
    total = DAYS * 20
    cut = [
        ["101001", 400, 120, 30, 30, 1188000, 9000, 500, 0.001],
        ["101002", 300, 60, 6, 9, 590000, 4000, 0, 0.4],
        ["", total - 700, 20, 1, 1, 90000, 0, 0, None],
    ]
    hours = [[str(hour), 75, hour % 9, 1, 1, 990 * hour, 0, 0, 0.5] for hour in range(24)]
    after = [[str(after), 20, 20, 1, 1, 99000, 0, 0, None] for after in (2, 5, 9)]
    cuts = {"product": cut, "sku": cut, "hour": hours, "days_after_order": after}
    for basis in ("signed", "paid", "applied"):
        ReturnSumsRow.objects.create(
            shop=shop, basis=basis, date=day, days=days, cuts=cuts, reasons=REASONS, heat=HEAT,
            around=[[5, 60 + at, 2, 7200 * at, int(at % 30 == 0)] for at in range(DAYS)],
            computed_at=timezone.now(),
        )  # fmt: skip


def findings_build(shop: Shop, day: date) -> None:
    """A search that found two things about the same returns, one of them reviewed."""
    sums_only(shop, day)
    goods = {"shop": shop, "product_ref": "101001", "as_of": timezone.now()}
    lines = [OrderLine(order_ref=f"30000{number}", line_no=1, **goods) for number in range(3)]
    keys = [line.pk for line in OrderLine.objects.bulk_create(lines)]
    Review.objects.create(
        external_id="R1",
        order_ref="200001",
        rating=2,
        text="R2",
        created_at=timezone.now(),
        **goods,
    )
    run = Run.objects.filter(day=day).latest("pk")
    found = FindingSet.objects.create(
        shop=shop, date=day, run=run, rule_set="R1", inputs="R2", rows=1800, returns=200,
        quality=18, tested=120, computed_at=timezone.now(),
    )  # fmt: skip
    for rank, cut in enumerate(([["hour_from", "21"]], [["reason", "R1"]]), start=1):
        FindingRow.objects.create(
            shop=shop, found=found, rank=rank, outcome="return", cut=cut, n_inside=40, k_inside=3,
            n_outside=0, k_outside=0, lift=2.5, excess=2, excess_fen=19_800 * rank, p=0.001, q=0.01,
            bars=[["21", 40, 3]], reasons=[["R1", 3]], lines=keys,
        )  # fmt: skip


def fix_build(shop: Shop, day: date) -> None:
    """A fix with an effect of each verdict."""
    line = {"order_ref": "100001", "line_no": 1, "product_ref": "101001"}
    OrderLine.objects.create(shop=shop, as_of=timezone.now(), **line)
    fix = Fix.objects.create(
        pk=FIX, shop=shop, action="sampling", products=["101001"], created_at=timezone.now(),
        started_on=day - timedelta(days=50),
    )  # fmt: skip
    told = {30: ("improved", -0.1), 60: ("unchanged", 0.01), 90: ("too_few", None)}
    for horizon, (verdict, change) in told.items():
        low, high = (None, None) if change is None else (change - 0.05, change + 0.05)
        FixEffect.objects.create(
            shop=shop, fix=fix, horizon=horizon, date=day, n_before=300, k_before=60, n_after=300,
            k_after=30, others_n_before=900, others_k_before=90, others_n_after=800,
            others_k_after=80, verdict=verdict, change=change, low=low, high=high,
        )  # fmt: skip
