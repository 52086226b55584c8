"""The rates of returns with their usual range."""

from django.utils.translation import gettext_lazy as _

from aftersales.selectors.returns_glance import Glance, returns_glance
from shopguard.lib.days import shanghai_day
from shopguard.lib.keeping import kept_for
from stores.panels._declare import Panel
from stores.selectors.visit import Visit

# Only a night changes the sums: a panel may follow it so much later.
KEPT_SECONDS = 10 * 60


def read(visit: Visit) -> Glance | None:
    """None while no night has counted."""
    shop, today = visit.shop, shanghai_day(visit.now)
    key = f"returns:{shop.pk}:{today}"
    return kept_for(KEPT_SECONDS, key, lambda: returns_glance(shop=shop, today=today))


PANEL = Panel("returns", _("品退率"), "thirds", 15, "overview/returns.html", read)
