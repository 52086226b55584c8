"""Customer service: how it was judged, and how many late replies still fit today."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from servicescore.selectors.service_glance import ServiceGlance, service_glance
from stores.panels._declare import Panel
from stores.selectors.visit import Visit


@dataclass(frozen=True)
class ServicePanel:
    """The figures and the state of all of them together."""

    glance: ServiceGlance

    @property
    def state(self) -> str:
        """Red under a penalty, amber where more late replies are likely than fit."""
        if not self.glance.is_own:
            return "none"
        if self.glance.running:
            return "urgent"
        return "watch" if self.glance.budget and self.glance.budget.is_short else "good"


def read(visit: Visit) -> ServicePanel | None:
    """None while a shop that answers for itself was never judged."""
    glance = visit.once(service_glance)
    return ServicePanel(glance) if glance else None


PANEL = Panel("service", _("客服考核"), "thirds", 20, "overview/service.html", read)
