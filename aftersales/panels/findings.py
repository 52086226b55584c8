"""What the night found in the shop's returns."""

from django.utils.translation import gettext_lazy as _

from aftersales.selectors.findings_page import Search, search_newest
from shopguard.lib.days import shanghai_day
from stores.panels._declare import Panel
from stores.selectors.visit import Visit


def read(visit: Visit) -> Search | None:
    """The newest search; None while no night has searched."""
    return search_newest(shop=visit.shop, today=shanghai_day(visit.now))


PANEL = Panel("findings", _("最新发现"), "thirds", 40, "overview/findings.html", read)
