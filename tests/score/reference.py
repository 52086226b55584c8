"""The second calculation of the score: ranks, anchors, dimensions, totals, stars, states.

As plain as its first half: loops over shops, every figure of the rule where it is used, nothing
imported from the product.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from tests.score.reference_events import Event, Events, Files, Out, Row

DIMENSION_OF = {
    "product_rating": "product",
    "quality_refund_rate": "product",
    "ship_on_time_rate": "logistics",
    "pay_to_sign_hours": "logistics",
    "refund_only_hours": "aftersales",
    "return_refund_hours": "aftersales",
    "reply_3min_rate": "consult",
    "dispute_rate": "dispute",
}
DIMENSIONS = ["product", "logistics", "aftersales", "consult", "dispute"]
MINIMUM = {
    "product_rating": 10,
    "quality_refund_rate": 30,
    "ship_on_time_rate": 30,
    "pay_to_sign_hours": 30,
    "refund_only_hours": 5,
    "return_refund_hours": 5,
    "reply_3min_rate": 20,
    "dispute_rate": 30,
}
HIGH_IS_GOOD = {"product_rating", "ship_on_time_rate", "reply_3min_rate"}
STEPS = [3.0, 3.5, 4.2, 4.6, 4.8, 5.0]
CURVE = [0.0, 0.10, 0.30, 0.60, 0.80, 1.0]
ANCHORS: dict[str, list[float]] = {
    "product_rating": [3.8, 4.2, 4.5, 4.7, 4.8, 4.9],
    "quality_refund_rate": [0.08, 0.05, 0.03, 0.015, 0.008, 0.003],
    "ship_on_time_rate": [0.80, 0.90, 0.95, 0.98, 0.99, 0.998],
    "pay_to_sign_hours": [168, 120, 96, 72, 60, 48],
    "refund_only_hours": [72, 48, 24, 12, 6, 2],
    "return_refund_hours": [168, 120, 72, 48, 24, 12],
    "reply_3min_rate": [0.30, 0.50, 0.70, 0.80, 0.90, 0.97],
    "dispute_rate": [0.04, 0.02, 0.01, 0.005, 0.002, 0.0005],
}
STRETCH = {"domestic": 1.0, "bonded": 1.5, "direct": 2.5}

Cells = dict[str, Any]
# Weight, percentile, score and whether it stands on anchors alone.
Part = tuple[float, float | None, float, bool]


def reference_scores(files: Files, day: date, exclusions: Sequence[Out] = ()) -> dict[str, Cells]:
    """Every column of the export for every shop: {shop: {column: value}}, None where empty.

    ``files`` maps a kind to its rows; ``exclusions`` are those granted beside what delay reports
    and complaints bring.
    """
    events = Events(files, day, exclusions)
    industries = {row["shop_id"]: row["industry"] for row in files["shops"]}
    rows: dict[str, Cells] = {shop: {"estimate": "no"} for shop in industries}
    for industry in sorted(set(industries.values())):
        shops = sorted(shop for shop, name in industries.items() if name == industry)
        is_scored = industry not in ("local_life", "outdoor_services")
        for metric in DIMENSION_OF:
            tables = tables_of(files.get("benchmarks", []), industry, metric, day)
            score_metric(metric, shops, is_scored, events, rows, tables)
        for shop in shops:
            score_total(rows[shop], is_scored, events.signed_orders[shop])
    return rows


def sums(events: Sequence[Event]) -> tuple[float, float, int]:
    """Weighted numerator and denominator and the plain denominator."""
    weights = [0.5 ** ((age - 1) / 45) for age, _, _ in events]
    num = math.fsum(w * event[1] for w, event in zip(weights, events, strict=True))
    den = math.fsum(w * event[2] for w, event in zip(weights, events, strict=True))
    return num, den, sum(event[2] for event in events)


def score_metric(
    metric: str,
    shops: Sequence[str],
    is_scored: bool,
    events: Events,
    rows: dict[str, Cells],
    tables: Mapping[str, list[float]],
) -> None:
    """Fill in the five columns of one metric for every shop; ``tables`` hold cut-offs by mode."""
    modes = list(STRETCH) if metric == "pay_to_sign_hours" else [""]
    present = []
    for shop in shops:
        num, den, n = sums([e for mode in modes for e in events.of[shop, metric, mode]])
        rows[shop][f"{metric}_value"] = num / den if n else None
        rows[shop][f"{metric}_n"] = n
        rows[shop][f"{metric}_excluded"] = events.excluded[shop, metric]
        rows[shop][f"{metric}_percentile"] = rows[shop][f"{metric}_score"] = None
        if is_scored and n >= MINIMUM[metric]:
            present.append(shop)
    parts: dict[str, list[Part]] = {shop: [] for shop in present}
    for mode in modes:
        values, weights = {}, {}
        for shop in present:
            num, den, n = sums(events.of[shop, metric, mode])
            if not mode or n >= 10:
                values[shop], weights[shop] = num / den, den
        for shop, value in values.items():
            cutoffs = tables.get(mode) or tables.get("")
            rank = None if cutoffs else percentile(shop, values, metric in HIGH_IS_GOOD)
            worth = relative(metric, value, rank, cutoffs)
            score = blended(metric, value, worth, STRETCH.get(mode, 1.0))
            parts[shop].append((weights[shop], rank, score, worth is None))
    for shop in present:
        average_parts(metric, parts[shop], rows[shop])


def average_parts(metric: str, parts: Sequence[Part], row: Cells) -> None:
    """Score and percentile of a metric from those of its trade modes."""
    weight = math.fsum(w for w, _, _, _ in parts)
    row[f"{metric}_score"] = math.fsum(w * score for w, _, score, _ in parts) / weight
    ranks = [(w, rank) for w, rank, _, _ in parts if rank is not None]
    if any(is_estimate for _, _, _, is_estimate in parts):
        row["estimate"] = "yes"
    if len(ranks) == len(parts):
        row[f"{metric}_percentile"] = math.fsum(w * rank for w, rank in ranks) / weight


def percentile(shop: str, values: Mapping[str, float], high_is_good: bool) -> float | None:
    """The share of the other shops that are worse or equal; None among fewer than ten."""
    if len(values) < 10:
        return None
    own = round(values[shop], 9)
    beaten = 0
    for other, value in values.items():
        theirs = round(value, 9)
        if other != shop and (theirs == own or (theirs < own) == high_is_good):
            beaten += 1
    return beaten / (len(values) - 1)


def tables_of(rows: Sequence[Row], industry: str, metric: str, day: date) -> dict[str, list[float]]:
    """The cut-offs of the newest row of each trade mode that is not after the day."""
    found: dict[str, tuple[str, list[float]]] = {}
    for row in rows:
        mode, dated = row.get("trade_mode", ""), row["as_of"]
        if (row["industry"], row["metric"]) != (industry, metric) or dated > day.isoformat():
            continue
        if mode not in found or dated > found[mode][0]:
            names = ("p10", "p30", "p60", "p80", "p95")
            found[mode] = (dated, [float(row[name]) for name in names])
    return {mode: cutoffs for mode, (_, cutoffs) in found.items()}


def relative(
    metric: str, value: float, rank: float | None, cutoffs: list[float] | None
) -> float | None:
    """What a place among peers or between cut-offs is worth; None without either."""
    if cutoffs is None:
        return None if rank is None else line(rank, list(zip(CURVE, STEPS, strict=True)))
    sign = 1 if metric in HIGH_IS_GOOD else -1
    good = [sign * cutoff for cutoff in cutoffs]
    step = good[1] - good[0]
    return line(sign * value, list(zip([good[0] - step, *good], STEPS, strict=True)))


def blended(metric: str, value: float, worth: float | None, stretch: float) -> float:
    """Half the peers and half the anchors, or the anchors alone."""
    anchors = [anchor * stretch for anchor in ANCHORS[metric]]
    absolute = line(value, list(zip(anchors, STEPS, strict=True)))
    return absolute if worth is None else 0.5 * worth + 0.5 * absolute


def line(x: float, points: Sequence[tuple[float, float]]) -> float:
    """The broken line through the points, flat outside."""
    ordered = sorted(points)
    if x <= ordered[0][0]:
        return ordered[0][1]
    for (x0, y0), (x1, y1) in pairwise(ordered):
        if x <= x1:
            return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    return ordered[-1][1]


def score_total(row: Cells, is_scored: bool, orders: int) -> None:
    """Dimensions, total, stars and state of one shop."""
    present = []
    for dimension in DIMENSIONS:
        names = [f"{metric}_score" for metric, of in DIMENSION_OF.items() if of == dimension]
        scores = [row[name] for name in names if row[name] is not None]
        row[dimension] = sum(scores) / len(scores) if scores else None
        if scores:
            present.append(row[dimension])
    row["total"] = row["stars"] = None
    if not is_scored:
        row["state"] = "industry_not_scored"
    elif orders < 30:
        row["state"] = "too_few_orders"
    elif len(present) < 3:
        row["state"] = "too_few_dimensions"
    else:
        row["state"] = "scored"
        row["total"] = round(sum(present) / len(present), 9)
        row["stars"] = stars(row["total"])


def stars(total: float) -> float:
    """The stars of a total."""
    steps = ((4.8, 5), (4.5, 4.5), (4.0, 4), (3.5, 3.5), (3.0, 3))
    return next(count for start, count in steps if total >= start)
