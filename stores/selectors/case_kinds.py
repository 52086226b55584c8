"""Of which kind violations are, in the words of the database."""

from datetime import timedelta

from django.db.models import Q

from shopguard.lib.days import at_hour
from stores.calc.clauses import REVIEWER
from stores.rules import conduct_book

DAY = timedelta(days=1)


def of_kind(kind: str) -> Q:
    """Violations whose clause, as it stood on their day, or whose reviewer says this kind."""
    found = Q(pk__in=[])
    for rules in conduct_book().sets:
        kinds = {
            path.partition(".")[0]: value
            for path, value in rules.group("clauses").items()
            if path.endswith(".kind")
        }
        of_kind = Q(clause__in=[code for code, each in kinds.items() if each == kind])
        left_open = Q(clause__in=[code for code, each in kinds.items() if each == REVIEWER])
        span = Q()
        if rules.effective_on:
            span &= Q(occurred_at__gte=at_hour(rules.effective_on, 0))
        if rules.ends_on:
            span &= Q(occurred_at__lt=at_hour(rules.ends_on, 0) + DAY)
        found |= span & (of_kind | (left_open & Q(kind=kind, points__isnull=False)))
    return found
