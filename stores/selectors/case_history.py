"""What was decided about a case, in order, and whether its newest decision can be taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from stores.models import AuditEntry, Violation

# Decisions that can be taken back, and those of them that decided an appeal.
OF_APPEALS = frozenset({"appeal.refuse", "appeal.uphold"})
UNDOABLE = OF_APPEALS | {"violation.execute", "violation.revoke", "violation.weigh"}


@dataclass(frozen=True)
class LastDecision:
    """The newest decision, while nothing came after it. ``version`` counts what was decided."""

    entry: AuditEntry
    version: int

    @property
    def before(self) -> dict[str, Any]:
        """The case as it was told before the decision."""
        return dict(self.entry.before or {})


def case_told(case: Violation) -> dict[str, str | int | None]:
    """A case as audit rows tell it."""
    executed = case.executed_at
    return {
        "state": str(case.state),
        "kind": case.kind,
        "points": case.points,
        "executed": executed.isoformat() if executed else None,
    }


def audit_of_case(case: Violation) -> QuerySet[AuditEntry]:
    """Every audit row about a case, oldest first."""
    rows = AuditEntry.objects.filter(
        shop=case.shop_id, object_type="violation", object_id=case.external_id
    )
    return rows.order_by("pk")


def decisions_counted(*, cases: Sequence[Violation]) -> dict[tuple[int, str], int]:
    """How many audit rows there are about each of some cases, by shop and the platform's id."""
    rows = AuditEntry.objects.filter(
        shop__in={case.shop_id for case in cases}, object_type="violation",
        object_id__in={case.external_id for case in cases},
    )  # fmt: skip
    counted = rows.order_by().values_list("shop_id", "object_id").annotate(n=Count("pk"))
    return {(shop, key): n for shop, key, n in counted if shop is not None}


def last_decision(case: Violation) -> LastDecision | None:
    """The decision that can be taken back; None where the newest row is none or the case, by a
    file for instance, is not any more as that decision left it.
    """
    rows = list(audit_of_case(case))
    if not rows or rows[-1].action not in UNDOABLE or rows[-1].after != case_told(case):
        return None
    return LastDecision(rows[-1], len(rows))
