"""Violations of shops with what they weigh, and where that leaves each shop."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache

from shopguard.lib.days import day_start, shanghai_day
from shopguard.lib.rulesets import RuleSet
from stores.calc.clauses import Clause, catalogue
from stores.calc.standing import Case, Node, Standing, ladders, standing_on
from stores.models import Shop, Violation
from stores.rules import conduct_book, ladder_book


def clause_of(violation: Violation) -> Clause | None:
    """The clause as it stood on the day it was broken; None where no catalogue has it."""
    return clauses_on(shanghai_day(violation.occurred_at)).get(violation.clause)


@lru_cache(maxsize=2048)
def clauses_on(day: date) -> dict[str, Clause]:
    """The catalogue of a day by code; empty when none was in force."""
    return catalogue(conduct_book(), day)


def rules_of_clause(violation: Violation) -> RuleSet | None:
    """The rule set the clause of a violation stands in; None where no catalogue has it."""
    if clause_of(violation) is None:
        return None
    return conduct_book().in_force(shanghai_day(violation.occurred_at))


def weight_of(violation: Violation) -> tuple[str, int]:
    """Kind and points: the clause's own, or for an open clause what a reviewer entered.

    ``("", 0)`` while a reviewer has to decide.
    """
    clause = clause_of(violation)
    if clause is not None and not clause.is_open:
        return clause.kind, clause.points or 0
    if not violation.kind or violation.points is None:
        return "", 0
    return violation.kind, violation.points


def ladders_on(day: date) -> dict[str, tuple[Node, ...]]:
    """Both ladders as they are in force on a day. Raises RuleError when none are."""
    return ladders(ladder_book().in_force(day))


def cases_of(violations: Iterable[Violation]) -> Iterator[Case]:
    """What counts: executed, at a known time, and not revoked since."""
    for violation in violations:
        if violation.state != Violation.State.EXECUTED or violation.executed_at is None:
            continue
        kind, points = weight_of(violation)
        yield Case(
            id=violation.external_id,
            kind=kind,
            points=points,
            executed_at=violation.executed_at,
            is_counterfeit=violation.is_counterfeit,
        )


def standing_of(shop: Shop, *, day: date) -> Standing:
    """Where a shop stands on the morning of ``day``, revocations as known now."""
    return standing_on(day, cases_of(Violation.objects.for_shop(shop)), ladders_on(day))


def standings(*, day: date) -> list[tuple[str, Standing]]:
    """Every shop's standing, by external id in order, with or without violations."""
    found = defaultdict[int, list[Violation]](list)
    executed = Violation.objects.filter(
        state=Violation.State.EXECUTED, executed_at__lt=day_start(day)
    )
    for violation in executed:
        found[violation.shop_id].append(violation)
    nodes = ladders_on(day)
    shops = sorted(Shop.objects.values_list("external_id", "pk"))
    return [(name, standing_on(day, cases_of(found[pk]), nodes)) for name, pk in shops]
