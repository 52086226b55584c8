"""What is shown of a finding beside its figures: its cut among its like, the reasons, the lines."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from aftersales.calc.cuts import Coded, Cut
from aftersales.calc.finding_rules import FindingRules
from aftersales.calc.lines import Flags, Lines
from aftersales.calc.search import QUALITY, Finding

DAYS_AFTER = "days_after_order"
REASON = "reason"


@dataclass(frozen=True)
class Evidence:
    """``bars`` are (value, lines, of which hit), ``reasons`` (first reason, hits), dearest first.

    ``lines`` are the keys of the lines inside that hit.
    """

    bars: tuple[tuple[str, int, int], ...]
    reasons: tuple[tuple[str, int], ...]
    lines: tuple[int, ...]


def evidence(
    lines: Lines, finding: Finding, rules: FindingRules, cuts: Mapping[str, Cut]
) -> Evidence:
    """The bars run over the last dimension of the cut, within the first where there are two."""
    hits = lines.numbers["is_quality"] == 1 if finding.outcome == QUALITY else lines.returned
    *outer, (dimension, value) = finding.cut
    within = np.ones(lines.count, dtype=bool)
    for name, wanted in outer:
        within &= _holds(cuts[name].coded(lines, rules), wanted)
    if dimension in (DAYS_AFTER, REASON):
        within &= lines.returned
    coded = _coded(lines, dimension, rules, cuts)
    inside = within & hits & _holds(coded, value)
    bars = _day_bars(lines, within) if dimension == DAYS_AFTER else _bars(coded, within, hits)
    return Evidence(bars, _reasons(lines, inside), tuple(lines.numbers["line"][inside].tolist()))


def _coded(lines: Lines, dimension: str, rules: FindingRules, cuts: Mapping[str, Cut]) -> Coded:
    if dimension == DAYS_AFTER:
        days = lines.days_to_apply
        return Coded(days, [str(day) for day in range(int(days.max(initial=0)) + 1)])
    if dimension == REASON:
        return Coded(lines.texts[REASON], [str(label) for label in lines.labels[REASON]])
    return cuts[dimension].coded(lines, rules)


def _holds(coded: Coded, value: str) -> Flags:
    place = list(coded.values).index(value)
    return np.asarray(coded.codes >= place if coded.is_from else coded.codes == place)


def _bars(coded: Coded, within: Flags, hits: Flags) -> tuple[tuple[str, int, int], ...]:
    """Values in their order; an at-least cut is shown hour by hour, as no hour is in it twice."""
    # The lines before the first value of an at-least cut are those of the value before it.
    values = ["0", *coded.values] if coded.is_from else list(coded.values)
    codes = coded.codes + 1 if coded.is_from else coded.codes
    known = within & (codes >= 0)
    n = np.bincount(codes[known], minlength=len(values))
    k = np.bincount(codes[known & hits], minlength=len(values))
    rows = zip(values, n.tolist(), k.tolist(), strict=True)
    return tuple((value, count, hit) for value, count, hit in rows if count and value)


def _day_bars(lines: Lines, within: Flags) -> tuple[tuple[str, int, int], ...]:
    """Of each day after ordering: the returns of the whole shop, and those of the SKU."""
    days = lines.days_to_apply
    known = lines.returned & (days >= 0)
    every = np.bincount(days[known], minlength=1)
    own = np.bincount(days[known & within], minlength=len(every))
    rows = zip(every.tolist(), own.tolist(), strict=True)
    return tuple((str(day), n, k) for day, (n, k) in enumerate(rows) if n)


def _reasons(lines: Lines, inside: Flags) -> tuple[tuple[str, int], ...]:
    labels = lines.labels[REASON]
    counts = np.bincount(lines.texts[REASON][inside], minlength=len(labels))
    order = np.argsort(-counts, kind="stable")
    return tuple((str(labels[at]), int(counts[at])) for at in order.tolist() if counts[at])
