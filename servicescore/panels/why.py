"""Why the score moved since the night before."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from servicescore.selectors.movement import Movement, movement
from servicescore.selectors.night_now import story_now
from servicescore.selectors.standing_now import standing_now
from stores.panels._declare import Panel
from stores.selectors.visit import Visit


def moved(visit: Visit) -> Movement | None:
    """The movement of the total; None where there are no two totals to compare."""
    standing = visit.once(standing_now)
    return movement(standing.view, standing.before) if standing else None


@dataclass(frozen=True)
class WhyPanel:
    """The movement metric by metric, and the same change told by its causes; perhaps empty."""

    movement: Movement
    story: str


def read(visit: Visit) -> WhyPanel | None:
    """None where there are no two totals to compare."""
    movement = visit.once(moved)
    return WhyPanel(movement, visit.once(story_now)) if movement else None


PANEL = Panel("why", _("为什么变了"), "hero", 30, "overview/why.html", read)
