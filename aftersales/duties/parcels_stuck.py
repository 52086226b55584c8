"""Parcels that have not moved for too long."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aftersales.selectors.shipping import is_stuck
from shopguard.lib import formats
from stores.duties._declare import Duty, Waiting, Words
from stores.models import Parcel
from stores.selectors.visit import Visit


def rows(visit: Visit) -> QuerySet[Parcel]:
    """Parcels without an event for longer than the rules allow, whatever their status."""
    return Parcel.objects.for_shop(visit.shop).filter(is_stuck("", visit.now))


def words(waiting: Waiting) -> Words:
    """The line."""
    n = waiting.count
    title = ngettext("跟进 %(n)s 个停住的包裹", "跟进 %(n)s 个停住的包裹", n)
    return Words(title % {"n": formats.number(n)}, _("太久没有物流记录，先催快递，再告诉买家"))


DUTY = Duty("parcels_stuck", "package", words, rows=rows, page="parcels", entry="orders")
