"""What the night found in the shop's returns."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from aftersales.selectors.findings_page import Search, search_of, set_newest
from aftersales.selectors.findings_together import Together, together
from shopguard.lib.days import shanghai_day
from shopguard.lib.keeping import kept_for
from stores.panels._declare import Panel
from stores.selectors.visit import Visit

KEPT_SECONDS = 10 * 60


@dataclass(frozen=True)
class Glance:
    """The newest search, and what its findings come to together."""

    search: Search
    together: Together


def read(visit: Visit) -> Glance | None:
    """The newest search; None while no night has searched. What it found is kept for minutes: only
    titles of products can change meanwhile.
    """
    found, today = set_newest(shop=visit.shop), shanghai_day(visit.now)
    if found is None:
        return None
    key = f"findings:{found.pk}:{found.computed_at.timestamp()}:{today}"
    search = kept_for(KEPT_SECONDS, key, lambda: search_of(found, today=today))
    return Glance(search, together(found))


PANEL = Panel("findings", _("最新发现"), "thirds", 40, "overview/findings.html", read)
