"""Cases in work: how many, and what has to be done first."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from aftersales.selectors.queue_counts import Answers, queues_and_answers
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
    counts, answers = queues_and_answers(shop=visit.shop, now=visit.now, days=WEEK)
    if not counts["open"] and not counts["ended"]:
        return None
    return CasesPanel(counts, answers)


PANEL = Panel("cases", _("售后案件"), "thirds", 30, "overview/cases.html", read)
