"""Cases past their deadline."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aftersales.models import AfterSaleCase
from aftersales.selectors.waiting import cases_open
from shopguard.lib import formats
from stores.duties._declare import Duty, Waiting, Words
from stores.selectors.visit import Visit


def rows(visit: Visit) -> QuerySet[AfterSaleCase]:
    """Open cases whose deadline has passed."""
    return cases_open(shop=visit.shop).filter(due_at__lt=visit.now)


def words(waiting: Waiting) -> Words:
    """The line."""
    n = waiting.count
    title = ngettext("了结 %(n)s 件已超时的售后", "了结 %(n)s 件已超时的售后", n)
    return Words(title % {"n": formats.number(n)}, _("拖一天，完结时长就多一天"))


DUTY = Duty(
    "cases_overdue",
    "undo-2",
    words,
    rows=rows,
    due="due_at",
    metric="return_refund_hours",
    page="aftersales:cases",
)
