"""Why the score moved since the night before."""

from django.utils.translation import gettext_lazy as _

from servicescore.selectors.movement import Movement, movement
from servicescore.selectors.standing_now import standing_now
from stores.panels._declare import Panel
from stores.selectors.visit import Visit


def moved(visit: Visit) -> Movement | None:
    """The movement of the total; None where there are no two totals to compare."""
    standing = visit.once(standing_now)
    return movement(standing.view, standing.before) if standing else None


def read(visit: Visit) -> Movement | None:
    """The same, read once for this panel and the sentence under the title."""
    return visit.once(moved)


PANEL = Panel("why", _("为什么变了"), "hero", 30, "overview/why.html", read)
