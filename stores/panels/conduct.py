"""Violations: points against the next nodes, penalties that run, and when points are reset."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from stores.panels._declare import Panel
from stores.selectors.conduct_page import ConductGlance, conduct_glance
from stores.selectors.visit import Visit


@dataclass(frozen=True)
class ConductPanel:
    """Where the shop stands; ``state`` is that of all of it together."""

    glance: ConductGlance

    @property
    def state(self) -> str:
        """Red under a penalty, amber with points this year."""
        if self.glance.running:
            return "urgent"
        return "watch" if any(ladder.points for ladder in self.glance.ladders) else "good"


def read(visit: Visit) -> ConductPanel:
    """As of now, today's executions included."""
    return ConductPanel(conduct_glance(shop=visit.shop, now=visit.now))


PANEL = Panel(
    "conduct", _("违规与申诉"), "thirds", 50, "overview/conduct.html", read,
    roles=frozenset({"owner", "admin"}),
)  # fmt: skip
