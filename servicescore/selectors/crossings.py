"""Shops whose total crossed a gate from one score date to the next."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from servicescore.models import ScoreRevision
from servicescore.rules import score_book
from servicescore.selectors.standing import levels
from shopguard.lib.rulesets import RuleError


@dataclass(frozen=True)
class Crossing:
    """A shop's totals of two dates and the gate between them: the lowest one fallen below, or the
    highest one reached.
    """

    shop_id: int
    shop_key: str
    before: float
    total: float
    gate_id: str
    gate: float

    @property
    def has_fallen(self) -> bool:
        """Whether the shop is below the gate now."""
        return self.total < self.gate


def crossings(*, day: date, rule_set: str) -> Iterator[Crossing]:
    """The crossings from the date before to ``day``, in three queries at most."""
    book = score_book()
    try:
        earlier = book.in_force(day - timedelta(days=1))
    except RuleError:
        return
    gates = [level for level in levels(book.by_id(rule_set)) if not level.is_risk]
    before = _totals(day - timedelta(days=1), earlier.id)
    for shop, (key, total) in _totals(day, rule_set).items():
        was = before[shop][1] if shop in before else None
        if was is None or total is None:
            continue
        low, high = sorted((was, total))
        between = sorted((g.bound, g.id) for g in gates if low < g.bound <= high)
        if between:
            bound, name = between[0] if total < was else between[-1]
            yield Crossing(shop, key, was, total, name, bound)


def _totals(day: date, rule_set: str) -> dict[int, tuple[str, float | None]]:
    """Key and total of every shop by its newest finished revision of a date."""
    rows = ScoreRevision.objects.finished().filter(date=day, rule_set=rule_set)
    newest = rows.order_by("shop_id", "-revision").distinct("shop_id")
    return {
        shop: (key, total)
        for shop, key, total in newest.values_list("shop_id", "shop__external_id", "total")
    }
