"""What the night found in the shop's returns."""

from django.utils.translation import gettext_lazy as _

from aftersales.selectors.findings_page import Search, search_of, set_newest
from shopguard.lib.days import shanghai_day
from shopguard.lib.keeping import kept_for
from stores.panels._declare import Panel
from stores.selectors.visit import Visit

KEPT_SECONDS = 10 * 60


def read(visit: Visit) -> Search | None:
    """The newest search; None while no night has searched. What it found is kept for minutes: only
    titles of products can change meanwhile.
    """
    found, today = set_newest(shop=visit.shop), shanghai_day(visit.now)
    if found is None:
        return None
    key = f"findings:{found.pk}:{found.computed_at.timestamp()}:{today}"
    return kept_for(KEPT_SECONDS, key, lambda: search_of(found, today=today))


PANEL = Panel("findings", _("最新发现"), "thirds", 40, "overview/findings.html", read)
