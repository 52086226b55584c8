"""180 days of the total against its gates."""

from django.utils.translation import gettext_lazy as _

from servicescore.selectors.standing_now import standing_now
from servicescore.selectors.trend import Trend, trend_of_total
from stores.panels._declare import Panel
from stores.selectors.visit import Visit


def read(visit: Visit) -> Trend | None:
    """None where there never was a total."""
    standing = visit.once(standing_now)
    if standing is None or not any(total is not None for total in standing.series.totals):
        return None
    return trend_of_total(standing.view, standing.series)


PANEL = Panel("trend", _("服务分走势"), "wide", 10, "overview/trend.html", read)
