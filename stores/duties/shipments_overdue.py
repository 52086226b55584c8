"""Orders that should have been shipped already."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shopguard.lib import formats
from stores.duties._declare import Duty, Waiting, Words
from stores.models import Order
from stores.selectors.visit import Visit
from stores.selectors.waiting import orders_to_ship


def rows(visit: Visit) -> QuerySet[Order]:
    """Orders past their deadline."""
    return orders_to_ship(shop=visit.shop).filter(ship_by__lt=visit.now)


def words(waiting: Waiting) -> Words:
    """The line."""
    n = waiting.count
    title = ngettext("补发 %(n)s 单已超时的订单", "补发 %(n)s 单已超时的订单", n)
    return Words(title % {"n": formats.number(n)}, _("已计晚发；有正当原因可以报备"))


DUTY = Duty(
    "shipments_overdue",
    "truck",
    words,
    rows=rows,
    due="ship_by",
    metric="ship_on_time_rate",
    page="orders",
)
