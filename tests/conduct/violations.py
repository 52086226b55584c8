"""Violations said in a line each, and how the shop stands for them."""

from datetime import date
from typing import Any

from stores.models import Shop, Violation
from stores.selectors.standing_export import standing_table
from tests.factories import START
from tests.imports.files import shanghai


def violation(shop: Shop, **told: Any) -> Violation:
    """A violation; ``occurred``, ``notified`` and ``executed`` are by the clock in Shanghai."""
    times = {
        f"{name}_at": shanghai(told[name]) if told.get(name) else None
        for name in ("occurred", "notified", "executed")
    }
    return Violation.objects.create(
        shop=shop,
        external_id=told.get("id") or f"v{Violation.objects.count():04}",
        clause=told.get("clause", "4"),
        state=told.get("state", "executed"),
        is_counterfeit=told.get("counterfeit", False),
        kind=told.get("kind", ""),
        points=told.get("points"),
        as_of=START,
        **(times | {"occurred_at": times["occurred_at"] or shanghai("2024-03-01 10:00")}),
    )


def stands(shop: Shop, day: str) -> list[str]:
    """The row of the shop on a day, without shop and date."""
    table = standing_table(day=date.fromisoformat(day))
    (row,) = (row for row in table.rows if row[0] == shop.external_id)
    assert row[1] == day
    return row[2:]
