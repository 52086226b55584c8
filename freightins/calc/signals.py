"""What looks like somebody living on return freight. Signals alert, they decide nothing."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from freightins.calc.cover_rules import CoverRules

SAME_TRACKING, MANY_CLAIMS, NOT_DELIVERED, LIGHT, OVER_COST = (
    "same_tracking",
    "many_claims",
    "not_delivered",
    "light",
    "over_cost",
)


@dataclass(frozen=True)
class Returned:
    """A claim with its parcels. Weights are grams, money is fen; unknown is None or empty.

    ``is_received``: the return reached the merchant; ``is_delivered``: the goods had reached the
    buyer; ``paid`` is what the claim paid.
    """

    order: str
    opened_at: datetime
    buyer: str = ""
    tracking: str = ""
    returned_grams: int | None = None
    sent_grams: int | None = None
    is_received: bool = False
    is_delivered: bool = True
    paid: int | None = None
    carrier_cost: int | None = None


@dataclass(frozen=True)
class Signal:
    """What was seen, about whom or what (``key``), on which orders, with the figures behind it."""

    kind: str
    key: str
    orders: tuple[str, ...]
    figures: dict[str, int] = field(default_factory=dict)


def signals_of(rules: CoverRules, rows: Sequence[Returned]) -> list[Signal]:
    """Every signal in the claims of a shop."""
    return [
        *_same_tracking(rules, rows),
        *_many_claims(rules, rows),
        *(
            Signal(NOT_DELIVERED, row.order, (row.order,))
            for row in rows
            if _came_from_nowhere(row)
        ),
        *(signal for row in rows if (signal := _light(rules, row))),
        *_over_cost(rules, rows),
    ]


def _same_tracking(rules: CoverRules, rows: Iterable[Returned]) -> list[Signal]:
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row.tracking:
            groups[row.tracking].append(row.order)
    return [
        Signal(SAME_TRACKING, number, tuple(sorted(orders)), {"claims": len(orders)})
        for number, orders in groups.items()
        if len(orders) >= rules.same_tracking
    ]


def _by_buyer(rows: Iterable[Returned]) -> dict[str, list[Returned]]:
    groups: defaultdict[str, list[Returned]] = defaultdict(list)
    for row in rows:
        if row.buyer:
            groups[row.buyer].append(row)
    return {buyer: sorted(found, key=lambda row: row.opened_at) for buyer, found in groups.items()}


def _many_claims(rules: CoverRules, rows: Iterable[Returned]) -> list[Signal]:
    """Buyers with many claims in so many days: the most there were in any such stretch."""
    stretch = timedelta(days=rules.buyer_days)
    found = []
    for buyer, claims in _by_buyer(rows).items():
        best: list[Returned] = []
        for place, first in enumerate(claims):
            within = [row for row in claims[place:] if row.opened_at - first.opened_at < stretch]
            best = within if len(within) >= len(best) else best
        if len(best) >= rules.buyer_claims:
            orders = tuple(sorted(row.order for row in best))
            figures = {"claims": len(best), "days": rules.buyer_days}
            found.append(Signal(MANY_CLAIMS, buyer, orders, figures))
    return found


def _came_from_nowhere(row: Returned) -> bool:
    return row.is_received and not row.is_delivered


def _light(rules: CoverRules, row: Returned) -> Signal | None:
    """A return that weighs a small part of what was sent."""
    if row.returned_grams is None or not row.sent_grams:
        return None
    if row.returned_grams >= rules.weight_share * row.sent_grams:
        return None
    figures = {"returned": row.returned_grams, "sent": row.sent_grams}
    return Signal(LIGHT, row.order, (row.order,), figures)


def _over_cost(rules: CoverRules, rows: Iterable[Returned]) -> list[Signal]:
    """Buyers who were paid more than their carrier took, again and again."""
    found = []
    for buyer, claims in _by_buyer(rows).items():
        gains = {
            row.order: row.paid - row.carrier_cost
            for row in claims
            if row.paid is not None and row.carrier_cost is not None and row.paid > row.carrier_cost
        }
        if len(gains) >= rules.over_cost:
            figures = {"claims": len(gains), "gain": sum(gains.values())}
            found.append(Signal(OVER_COST, buyer, tuple(sorted(gains)), figures))
    return found
