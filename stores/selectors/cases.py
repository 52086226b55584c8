"""Until when a case can be appealed, and how often."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import (
    Case,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from shopguard.lib.days import SHANGHAI, day_end, day_start, shanghai_day
from stores.calc.cases import AppealRules, appeal_rules, deadline
from stores.calc.standing import SEVERE
from stores.models import Appeal, Shop, Violation
from stores.rules import appeal_book
from stores.selectors.case_kinds import of_kind
from stores.selectors.conduct import weight_of


def appeal_rules_on(day: date) -> AppealRules:
    """The rules of appeals in force on a day."""
    return appeal_rules(appeal_book().in_force(day))


def rules_of_appeals(case: Violation) -> AppealRules:
    """The rules in force on the day the case was notified (else happened)."""
    return appeal_rules_on(shanghai_day(case.notified_at or case.occurred_at))


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


def cases_appealable(shop: Shop, *, now: datetime) -> QuerySet[Violation]:
    """The pending cases of a shop that can still be appealed; ``until`` is their last second.

    The same as :func:`appeal_limit`, in the words of the database. A case nobody knows the notice
    of has no last second and is left out.
    """
    tried = Appeal.objects.filter(shop=OuterRef("shop"), violation_ref=OuterRef("external_id"))
    refused = tried.filter(state=Appeal.State.REFUSED).order_by("-attempt")
    told = Violation.objects.for_shop(shop).filter(
        state=Violation.State.PENDING, notified_at__isnull=False
    )
    return (
        told.annotate(refused=Subquery(refused.values("decided_at")[:1]))
        .annotate(until=Case(*_limits(), default=Value(None), output_field=DateTimeField()))
        .filter(~_used_up(tried), until__gte=now)
    )


def _limits() -> Iterator[When]:
    severe = of_kind(SEVERE)
    for span, rules in _told_under():
        again, days = rules.days_after_refusal, (rules.severe_days, rules.general_days)
        yield When(span & Q(refused__isnull=False), then=_day_end("refused", again))
        yield When(span & severe, then=_day_end("notified_at", days[0]))
        yield When(span, then=_day_end("notified_at", days[1]))


def _used_up(tried: QuerySet[Appeal]) -> Q:
    found = Q(pk__in=[])
    for span, rules in _told_under():
        found |= span & Q(Exists(tried.filter(attempt__gte=rules.tries)))
    return found


def _told_under() -> Iterator[tuple[Q, AppealRules]]:
    """Each rule set of appeals, with the cases it is about: by the day of notice."""
    for rules in appeal_book().sets:
        span = Q(notified_at__isnull=False)
        if rules.effective_on:
            span &= Q(notified_at__gte=day_start(rules.effective_on))
        if rules.ends_on:
            span &= Q(notified_at__lte=day_end(rules.ends_on))
        yield span, appeal_rules(rules)


def _day_end(field: str, days: int) -> Any:
    day = Func(
        Value("day"), F(field), Value(SHANGHAI.key), function="date_trunc",
        output_field=DateTimeField(),
    )  # fmt: skip
    span = timedelta(days=days + 1) - timedelta(seconds=1)
    return ExpressionWrapper(day + Value(span), output_field=DateTimeField())
