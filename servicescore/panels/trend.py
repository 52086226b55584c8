"""180 days of the total against its gates."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from servicescore.selectors.standing_now import standing_now
from servicescore.selectors.trend import Trend, trend_of_total
from shopguard.lib import formats
from stores.panels._declare import Panel
from stores.selectors.visit import Visit

# The sentence compares with the total of so many nights ago.
NIGHTS = 30


@dataclass(frozen=True)
class TrendPanel:
    """The figure, and what it shows of the last nights in words; empty without two totals."""

    trend: Trend
    sentence: str


def read(visit: Visit) -> TrendPanel | None:
    """None where there never was a total."""
    standing = visit.once(standing_now)
    if standing is None or not any(total is not None for total in standing.series.totals):
        return None
    trend = trend_of_total(standing.view, standing.series)
    return TrendPanel(trend, _sentence(standing.series.totals))


def _sentence(totals: Sequence[float | None]) -> str:
    before, now = totals[-NIGHTS - 1], totals[-1]
    if before is None or now is None:
        return ""
    told = {"n": NIGHTS, "before": formats.score(before), "now": formats.score(now)}
    if told["before"] == told["now"]:
        return gettext("%(n)s 天前也是 %(now)s") % told
    if now > before:
        return gettext("%(n)s 天里从 %(before)s 升到 %(now)s") % told
    return gettext("%(n)s 天里从 %(before)s 降到 %(now)s") % told


PANEL = Panel("trend", _("服务分走势"), "wide", 10, "overview/trend.html", read)
