"""Delay reports the platform has not decided on."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shopguard.lib import formats
from stores.duties._declare import Duty, Waiting, Words
from stores.models import DelayReport
from stores.selectors.visit import Visit
from stores.selectors.waiting import delay_reports_undecided


def rows(visit: Visit) -> QuerySet[DelayReport]:
    """Reports that are pending."""
    return delay_reports_undecided(shop=visit.shop)


def words(waiting: Waiting) -> Words:
    """The line."""
    n = waiting.count
    title = ngettext("跟进 %(n)s 份待审的延误报备", "跟进 %(n)s 份待审的延误报备", n)
    return Words(title % {"n": formats.number(n)}, _("通过后这些订单不计入两项物流指标"))


DUTY = Duty(
    "delay_reports_pending",
    "file-clock",
    words,
    rows=rows,
    metric="ship_on_time_rate",
    page="delay_reports",
)
