"""再看一眼: what a person should look at again in the penalty log."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from shopguard.lib.days import shanghai_day
from stores.models import Appeal, Violation
from stores.selectors.cases import appeal_limit, appeals_by_case
from stores.selectors.conduct import clause_of, weight_of


@dataclass(frozen=True)
class SecondLook:
    """Cases by what is odd about them, the longest known first."""

    unequal: tuple[Violation, ...]
    overdue: tuple[Violation, ...]
    waiting: tuple[Appeal, ...]
    undecided: tuple[Violation, ...]
    past_reset: tuple[Violation, ...]


def second_look(*, now: datetime) -> SecondLook:
    """Same clause of the same day and shop with other points; pending past the deadline; open
    appeals; clauses without a decision; points that still count though their year is over.
    """
    pending = Violation.objects.filter(state=Violation.State.PENDING).select_related("shop")
    executed = Violation.objects.filter(state=Violation.State.EXECUTED).select_related("shop")
    reviewed = executed.exclude(kind="").filter(points__isnull=False)
    without = Violation.objects.filter(Q(kind="") | Q(points__isnull=True)).exclude(
        state=Violation.State.REVOKED
    )
    tries = appeals_by_case(pending.values_list("shop_id", flat=True))
    return SecondLook(
        unequal=tuple(_unequal(list(reviewed.order_by("pk")))),
        overdue=tuple(
            case
            for case in pending.order_by("pk")
            if _is_overdue(case, tries.get((case.shop_id, case.external_id), ()), now)
        ),
        waiting=tuple(Appeal.objects.filter(state=Appeal.State.OPEN).order_by("filed_at")),
        undecided=tuple(
            case for case in without.select_related("shop").order_by("pk") if _is_open(case)
        ),
        past_reset=tuple(_past_reset(list(executed.filter(is_counterfeit=True)), now)),
    )


def _is_open(case: Violation) -> bool:
    clause = clause_of(case)
    return clause is not None and clause.is_open


def _is_overdue(case: Violation, tries: Sequence[Appeal], now: datetime) -> bool:
    limit = appeal_limit(case, tries)
    return limit is not None and limit < now


def _unequal(cases: list[Violation]) -> list[Violation]:
    """Cases of one open clause that reviewers weighed differently."""
    by_clause = defaultdict[str, list[Violation]](list)
    for case in cases:
        if _is_open(case):
            by_clause[case.clause].append(case)
    return [
        case
        for same in by_clause.values()
        if len({weight_of(case) for case in same}) > 1
        for case in same
    ]


def _past_reset(cases: list[Violation], now: datetime) -> list[Violation]:
    """Counterfeit cases of earlier years, whose points stay by the rule."""
    year = shanghai_day(now).year
    return [
        case for case in cases if case.executed_at and shanghai_day(case.executed_at).year < year
    ]
