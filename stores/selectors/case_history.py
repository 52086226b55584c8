"""What was decided about a case, in order, and whether its newest decision can be taken back."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

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


def last_decision(case: Violation) -> LastDecision | None:
    """The decision that can be taken back; None where the newest row is none or the case, by a
    file for instance, is not any more as that decision left it.
    """
    rows = list(audit_of_case(case))
    if not rows or rows[-1].action not in UNDOABLE or rows[-1].after != case_told(case):
        return None
    return LastDecision(rows[-1], len(rows))
