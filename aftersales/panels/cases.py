"""Cases in work: how many, and what has to be done first."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from aftersales.selectors.workbench import Answers, first_answers, queue_counts
from shopguard.lib.days import shanghai_day
from stores.panels._declare import Panel
from stores.selectors.visit import Visit

WEEK = 7


@dataclass(frozen=True)
class CasesPanel:
    """Open cases by queue, and the first answers of the last seven whole days."""

    counts: dict[str, int]
    answers: Answers

    @property
    def state(self) -> str:
        """Red with something urgent, good with nothing open today."""
        if self.counts["urgent"]:
            return "urgent"
        return "watch" if self.counts["today"] else "good"


def read(visit: Visit) -> CasesPanel | None:
    """None for a shop that has no case at all."""
    counts = queue_counts(shop=visit.shop, now=visit.now)
    if not counts["open"] and not counts["ended"]:
        return None
    today = shanghai_day(visit.now)
    days = first_answers(
        shop=visit.shop, first=today - timedelta(days=WEEK), last=today - timedelta(days=1)
    )
    week = Answers(
        day=days[0].day,
        cases=sum(day.cases for day in days),
        in_target=sum(day.in_target for day in days),
        in_limit=sum(day.in_limit for day in days),
        target_minutes=days[0].target_minutes,
        limit_minutes=days[0].limit_minutes,
    )
    return CasesPanel(counts, week)


PANEL = Panel("cases", _("售后案件"), "thirds", 30, "overview/cases.html", read)
