"""What the pages of diagnostics read instead of orders: sums by day, by cut, by reason.

One shop and one date basis at a time. Everything is a plain list, so that it can be kept as JSON.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from aftersales.calc.cuts import Coded, Cut
from aftersales.calc.evidence import DAYS_AFTER, REASON
from aftersales.calc.exact import Floats, discoveries, hypergeometric_midp
from aftersales.calc.finding_rules import FindingRules
from aftersales.calc.lines import UNKNOWN, Flags, Integers, Lines

# Places of what is counted: lines, returns, quality by the first reason and by the latest; fen
# refunded, fen of the way back, fen of goods that cannot be sold again.
MEASURES = ("lines", "returns", "quality", "latest", "fen", "carrier", "lost")
LINES, RETURNS, QUALITY, LATEST, FEN, CARRIER, LOST = range(len(MEASURES))
SIGNED, PAID, APPLIED = "signed", "paid", "applied"
BASES = (SIGNED, PAID, APPLIED)
REST = ""  # the values that are not told one by one


@dataclass(frozen=True)
class Limits:
    """How much is told one by one; the rest is summed up under :data:`REST`."""

    values: int
    products: int
    reasons: int
    top: int


@dataclass(frozen=True)
class ReturnSums:
    """Sums of one shop by one date basis.

    ``days`` has an element per day of the window: what is counted, in the order of
    :data:`MEASURES`, then [[place in ``reasons``, returns], …]. ``cuts`` has per cut the value,
    what is counted, and the q of the test against the rest, or None.
    ``reasons`` are [first reason, returns]. ``heat`` has ``products`` and ``reasons`` (ids and
    texts) and ``cells`` [product place, reason place, returns, q or None].
    """

    days: list[list[object]]
    cuts: dict[str, list[list[object]]]
    reasons: list[list[object]]
    heat: dict[str, list[object]]


def return_sums(
    lines: Lines,
    days: int,
    rules: FindingRules,
    cuts: Mapping[str, Cut],
    limits: Limits,
    *,
    is_tested: bool,
) -> ReturnSums:
    """Sums over lines whose ``day`` (from 0, the first of ``days``) stands in their numbers.

    ``is_tested`` says that every line sold is among them, so that rates can be tested.
    """
    measures = _measures(lines)
    reasons, reason_places = _reasons(lines, limits)
    told = {
        name: _told(cut.coded(lines, rules), measures, limits.values) for name, cut in cuts.items()
    }
    told[DAYS_AFTER] = _told(_days_after(lines), measures, limits.values)
    if is_tested:
        _test(told, measures, rules)
    return ReturnSums(
        days=_days(lines.numbers["day"], measures, reason_places, days, limits),
        cuts=told,
        reasons=reasons,
        heat=_heat(lines, reason_places, reasons, rules, limits),
    )


def _measures(lines: Lines) -> list[Integers]:
    back = lines.returned
    refunded = lines.numbers["refunded"]
    known = back & (refunded != UNKNOWN)
    return [
        np.ones(lines.count, dtype=np.int64),
        back.astype(np.int64),
        lines.numbers["is_quality"],
        lines.numbers["latest_quality"],
        np.where(known, refunded, 0),
        lines.numbers["carrier"],
        lines.numbers["lost"],
    ]


def _sums(places: Integers, measures: Sequence[Integers], size: int) -> list[Integers]:
    known = places >= 0
    return [
        np.bincount(places[known], weights=measure[known], minlength=size).astype(np.int64)
        for measure in measures
    ]


def _told(coded: Coded, measures: Sequence[Integers], most: int) -> list[list[object]]:
    """The values with most returns, then lines; an at-least cut hour by hour as its bars are."""
    values = ["0", *coded.values] if coded.is_from else [str(value) for value in coded.values]
    codes = coded.codes + 1 if coded.is_from else coded.codes
    sums = _sums(codes, measures, len(values))
    used = np.flatnonzero(sums[LINES] > 0)
    order = used[np.lexsort((-sums[LINES][used], -sums[RETURNS][used]))]
    rows: list[list[object]] = [
        [values[at], *(int(one[at]) for one in sums), None] for at in order[:most].tolist()
    ]
    if len(order) > most:
        rows.append([REST, *(int(one[order[most:]].sum()) for one in sums), None])
    return rows


def _test(
    told: Mapping[str, list[list[object]]], measures: Sequence[Integers], rules: FindingRules
) -> None:
    """Put the q-value of more returns than in the rest behind each value of enough lines."""
    total, back = len(measures[LINES]), int(measures[RETURNS].sum())
    rows = [
        row
        for name, values in told.items()
        for row in values
        if name != DAYS_AFTER and row[0] != REST
        and rules.least_rows <= int(str(row[1 + LINES])) <= total - rules.least_rows
    ]  # fmt: skip
    n = np.array([row[1 + LINES] for row in rows], dtype=np.int64)
    k = np.array([row[1 + RETURNS] for row in rows], dtype=np.int64)
    for row, q in zip(rows, _q(n, k, total, back, rules).tolist(), strict=True):
        row[-1] = q


def _q(n: Integers, k: Integers, rows: int, hits: int, rules: FindingRules) -> Floats:
    if not len(n):
        return np.empty(0)
    p = hypergeometric_midp(n, k, np.full(len(n), rows), np.full(len(n), hits))
    return discoveries(p, len(p), rules.false_discovery).q


def _days_after(lines: Lines) -> Coded:
    days = lines.days_to_apply
    return Coded(days, [str(day) for day in range(int(days.max(initial=0)) + 1)])


def _reasons(lines: Lines, limits: Limits) -> tuple[list[list[object]], Integers]:
    """First reasons with most returns, and the place of each line's among them."""
    labels = lines.labels[REASON]
    back = lines.returned
    counts = np.bincount(lines.texts[REASON][back], minlength=len(labels))
    order = np.argsort(-counts, kind="stable")[: limits.reasons]
    order = order[counts[order] > 0]
    place = np.full(len(labels), len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    told: list[list[object]] = [[str(labels[at]), int(counts[at])] for at in order.tolist()]
    return told, np.where(back, place[lines.texts[REASON]], UNKNOWN)


def _days(
    day: Integers, measures: Sequence[Integers], reasons: Integers, days: int, limits: Limits
) -> list[list[object]]:
    sums = _sums(day, measures, days)
    width = limits.reasons + 1
    known = (reasons >= 0) & (day >= 0)
    by_reason = np.bincount(day[known] * width + reasons[known], minlength=days * width)
    table = by_reason.reshape(days, width)[:, :-1]
    order = np.argsort(-table, axis=1, kind="stable")[:, : limits.top]
    return [
        [
            *(int(one[at]) for one in sums),
            [[int(place), int(table[at, place])] for place in order[at] if table[at, place]],
        ]
        for at in range(days)
    ]


def _heat(
    lines: Lines, reasons: Integers, told: list[list[object]], rules: FindingRules, limits: Limits
) -> dict[str, list[object]]:
    """Returns by product and first reason; a cell is tested among the returns there are."""
    labels, codes = lines.labels["product"], lines.texts["product"]
    back = lines.returned & (labels[codes] != "")
    counts = np.bincount(codes[back], minlength=len(labels))
    order = np.argsort(-counts, kind="stable")[: limits.products]
    order = order[counts[order] > 0]
    place = np.full(len(labels), UNKNOWN, dtype=np.int64)
    place[order] = np.arange(len(order))
    width = len(told) + 1
    inside = back & (place[codes] >= 0)
    cells = np.bincount(
        place[codes[inside]] * width + reasons[inside], minlength=len(order) * width
    ).reshape(len(order), width)
    all_reasons = np.bincount(reasons[back], minlength=width)
    rows = _cells(cells, counts[order], all_reasons, int(back.sum()), rules)
    return {
        "products": [str(labels[at]) for at in order.tolist()],
        "totals": [int(counts[at]) for at in order.tolist()],
        "reasons": [row[0] for row in told],
        "cells": rows,
    }


def _cells(
    cells: Integers, of_product: Integers, of_reason: Integers, total: int, rules: FindingRules
) -> list[object]:
    product, reason = np.nonzero(cells)
    k, n, hits = cells[product, reason], of_product[product], of_reason[reason]
    q = np.full(len(k), np.nan)
    tested: Flags = (n >= rules.least_rows) & (total - n >= rules.least_rows)
    if tested.any():
        p = hypergeometric_midp(
            n[tested], k[tested], np.full(int(tested.sum()), total), hits[tested]
        )
        q[tested] = discoveries(p, len(p), rules.false_discovery).q
    known = zip(product.tolist(), reason.tolist(), k.tolist(), q.tolist(), strict=True)
    return [[i, j, count, None if one != one else one] for i, j, count, one in known]
