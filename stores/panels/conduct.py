"""Violations: points against the next nodes, penalties that run, and when points are reset."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from shopguard.lib.days import shanghai_day
from shopguard.lib.keeping import kept_for
from stores.panels._declare import Panel
from stores.selectors.conduct_page import ConductGlance, conduct_glance
from stores.selectors.visit import Visit

KEPT_SECONDS = 60


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
    """Today's executions included. Kept for a minute: a decision shows that much later at most."""
    key = f"conduct:{visit.shop.pk}:{shanghai_day(visit.now)}"
    found = kept_for(KEPT_SECONDS, key, lambda: conduct_glance(shop=visit.shop, now=visit.now))
    return ConductPanel(found)


PANEL = Panel(
    "conduct", _("违规与申诉"), "thirds", 50, "overview/conduct.html", read,
    roles=frozenset({"owner", "admin"}),
)  # fmt: skip
