"""Bad reviews nobody has replied to."""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shopguard.lib import formats
from stores.duties._declare import Duty, Waiting, Words
from stores.models import Review
from stores.selectors.visit import Visit
from stores.selectors.waiting import reviews_unanswered

# A reply to an older one is read by hardly anybody.
RECENT = timedelta(days=30)


def rows(visit: Visit) -> QuerySet[Review]:
    """Low reviews of the last weeks without a reply."""
    return reviews_unanswered(shop=visit.shop).filter(created_at__gte=visit.now - RECENT)


def words(waiting: Waiting) -> Words:
    """The line."""
    n = waiting.count
    title = ngettext("回复 %(n)s 条中差评", "回复 %(n)s 条中差评", n)
    return Words(title % {"n": formats.number(n)}, _("近 30 天 3 星及以下，还没有回复"))


DUTY = Duty("reviews_low", "star", words, rows=rows, metric="product_rating", page="reviews")
