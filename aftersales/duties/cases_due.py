"""Open cases whose deadline is near."""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aftersales.models import AfterSaleCase
from aftersales.selectors.waiting import cases_open
from shopguard.lib import formats
from stores.duties._declare import Duty, Waiting, Words
from stores.selectors.visit import Visit

WITHIN = timedelta(days=2)


def rows(visit: Visit) -> QuerySet[AfterSaleCase]:
    """Open cases due within two days."""
    return cases_open(shop=visit.shop).filter(due_at__gte=visit.now, due_at__lt=visit.now + WITHIN)


def words(waiting: Waiting) -> Words:
    """The line."""
    n = waiting.count
    title = ngettext("处理 %(n)s 件快到期的售后", "处理 %(n)s 件快到期的售后", n)
    return Words(title % {"n": formats.number(n)}, _("2 天内到处理期限"))


DUTY = Duty(
    "cases_due",
    "undo-2",
    words,
    rows=rows,
    due="due_at",
    metric="return_refund_hours",
    page="aftersales:cases",
)
