"""Until when a case can be appealed, and how often."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from shopguard.lib.days import shanghai_day
from stores.calc.cases import AppealRules, appeal_rules, deadline
from stores.models import Appeal, Violation
from stores.rules import appeal_book
from stores.selectors.conduct import weight_of


def rules_of_appeals(case: Violation) -> AppealRules:
    """The rules in force on the day the case was notified (else happened)."""
    day = shanghai_day(case.notified_at or case.occurred_at)
    return appeal_rules(appeal_book().in_force(day))


def appeals_against(case: Violation) -> tuple[Appeal, ...]:
    """Every try against a case, in order."""
    rows = Appeal.objects.filter(shop=case.shop_id, violation_ref=case.external_id)
    return tuple(rows.order_by("attempt"))


def appeals_by_case(shop_ids: Iterable[int]) -> dict[tuple[int, str], tuple[Appeal, ...]]:
    """Every try of some shops by shop and violation, in order."""
    found: dict[tuple[int, str], list[Appeal]] = {}
    for appeal in Appeal.objects.filter(shop__in=shop_ids).order_by("attempt"):
        found.setdefault((appeal.shop_id, appeal.violation_ref), []).append(appeal)
    return {key: tuple(rows) for key, rows in found.items()}


def appeal_limit(case: Violation, appeals: Sequence[Appeal]) -> datetime | None:
    """The last second for an appeal; None where nobody knows when the shop was notified."""
    if case.notified_at is None:
        return None
    refused = [each.decided_at for each in appeals if each.state == Appeal.State.REFUSED]
    last = refused[-1] if refused else None
    return deadline(weight_of(case)[0], case.notified_at, last, rules_of_appeals(case))
