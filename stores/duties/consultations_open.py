"""Buyers who wrote and were not answered."""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shopguard.lib import formats
from stores.duties._declare import Duty, Waiting, Words
from stores.models import Consultation
from stores.selectors.visit import Visit
from stores.selectors.waiting import consultations_unanswered

# Who asked longer ago has bought elsewhere.
RECENT = timedelta(days=2)


def rows(visit: Visit) -> QuerySet[Consultation]:
    """Consultations of the last days without a human reply."""
    return consultations_unanswered(shop=visit.shop).filter(started_at__gte=visit.now - RECENT)


def words(waiting: Waiting) -> Words:
    """The line."""
    n = waiting.count
    title = ngettext("回复 %(n)s 位没人答的买家", "回复 %(n)s 位没人答的买家", n)
    return Words(title % {"n": formats.number(n)}, _("近 2 天的咨询，还没有人工回复"))


DUTY = Duty("consultations_open", "messages-square", words, rows=rows, metric="reply_3min_rate")
