"""入驻进度: what is still to do in a shop that was opened here, until all of it is done."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from stores.panels._declare import Panel
from stores.selectors.onboarding import opening_of
from stores.selectors.onboarding_page import StepLine, step_lines
from stores.selectors.visit import Visit


@dataclass(frozen=True)
class OpeningPanel:
    """The steps, and the application they belong to."""

    application: int
    steps: list[StepLine]

    @property
    def done(self) -> int:
        """How many are done."""
        return sum(step.is_done for step in self.steps)


def read(visit: Visit) -> OpeningPanel | None:
    """The steps; None where the shop was not opened here, or nothing is left to do.

    A shop whose base settings are complete only lacks orders, which the page says by itself.
    """
    if visit.shop.base_settings_complete:
        return None
    application = opening_of(shop=visit.shop)
    if application is None:
        return None
    return OpeningPanel(application.pk, step_lines(application))


PANEL = Panel(
    "opening", _("入驻进度"), "wide", 10, "overview/opening.html", read,
    roles=frozenset({"owner", "admin"}), is_for_new=True,
)  # fmt: skip
