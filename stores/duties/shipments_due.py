"""Orders whose ship deadline is near."""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shopguard.lib import formats
from stores.duties._declare import Duty, Stake, Waiting, Words
from stores.models import Order
from stores.selectors.visit import Visit
from stores.selectors.waiting import orders_to_ship

WITHIN = timedelta(hours=24)


def rows(visit: Visit) -> QuerySet[Order]:
    """Orders due within a day."""
    return orders_to_ship(shop=visit.shop).filter(
        ship_by__gte=visit.now, ship_by__lt=visit.now + WITHIN
    )


def words(waiting: Waiting) -> Words:
    """The line."""
    n = waiting.count
    title = ngettext("发出 %(n)s 单即将超时的订单", "发出 %(n)s 单即将超时的订单", n)
    return Words(title % {"n": formats.number(n)}, _("24 小时内到最晚发货时间"))


def stake(waiting: Waiting) -> Stake:
    """Each order is due once: in time or not."""
    return Stake("ship_on_time_rate", den=waiting.count, done=waiting.count, undone=0)


DUTY = Duty(
    "shipments_due", "truck", words, rows=rows, due="ship_by", stake=stake,
    metric="ship_on_time_rate", page="orders",
)  # fmt: skip
