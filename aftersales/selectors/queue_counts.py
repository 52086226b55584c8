"""How many cases each queue of the workbench holds, and how soon the shop answered."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q

from aftersales.calc.case_clocks import clock_rules
from aftersales.models import AfterSaleCase
from aftersales.rules import clock_book
from aftersales.selectors.case_filters import QUEUES, in_queue, is_urgent, states_of
from shopguard.lib.days import day_start, shanghai_day
from stores.models import Shop

ONE_DAY = timedelta(days=1)
OPEN = "open"
# Of these queues the database counts the cases one by one; the others are known by their states.
LOOKED_INTO = ("today", "chased", "ended")


@dataclass(frozen=True)
class Answers:
    """Cases applied for since a day, and how many were first answered within target and limit."""

    day: date
    cases: int
    in_target: int
    in_limit: int
    target_minutes: int
    limit_minutes: int

    @property
    def target_share(self) -> float | None:
        """Share within the target; None of nothing."""
        return self.in_target / self.cases if self.cases else None

    @property
    def limit_share(self) -> float | None:
        """Share within the limit; None of nothing."""
        return self.in_limit / self.cases if self.cases else None


def queues_and_answers(
    *, shop: Shop, now: datetime, days: int, chosen: Q | None = None
) -> tuple[dict[str, int], Answers]:
    """How many cases each queue holds, how many are ``urgent``, how many ended ``yesterday``, and
    how many of any queue are ``chosen``; and how those applied for in the last ``days`` whole days
    were first answered. One query.
    """
    today = shanghai_day(now)
    first, last = today - timedelta(days=days), today - ONE_DAY
    rules = clock_rules(clock_book().sets, last)
    target, limit = rules["answer.target"], rules["answer.limit"]
    applied = Q(applied_at__gte=day_start(first), applied_at__lt=day_start(today))
    counted = {
        **{key: in_queue(key, now) for key in LOOKED_INTO},
        "urgent": is_urgent(now),
        "yesterday": ~Q(outcome=OPEN) & _on_day("closed_at", last),
        "applied": applied,
        "in_target": applied & _answered_within(target),
        "in_limit": applied & _answered_within(limit),
        **({} if chosen is None else {"chosen": chosen}),
    }
    rows = AfterSaleCase.objects.for_shop(shop).filter(
        Q(outcome=OPEN) | in_queue("ended", now) | applied
    )
    tallies = {name: Count("pk", filter=of) for name, of in counted.items()}
    groups: list[tuple[Any, ...]] = list(
        rows.order_by().values_list("outcome", "state").annotate(Count("pk"), **tallies)
    )
    found: dict[str, int] = {
        name: sum(group[place] for group in groups) for place, name in enumerate(counted, 3)
    }
    waiting = [(state, n) for outcome, state, n, *_ in groups if outcome == OPEN]
    for key in QUEUES:
        if key not in LOOKED_INTO:
            found[key] = sum(n for state, n in waiting if key == OPEN or state in states_of(key))
    answers = (found.pop("applied"), found.pop("in_target"), found.pop("in_limit"))
    return found, Answers(first, *answers, target, limit)


def _on_day(field: str, day: date) -> Q:
    return Q((f"{field}__gte", day_start(day)), (f"{field}__lt", day_start(day + ONE_DAY)))


def _answered_within(minutes: int) -> Q:
    """First answered so soon after the application; a case without an answer was not."""
    return Q(first_reply_at__lte=F("applied_at") + timedelta(minutes=minutes))
