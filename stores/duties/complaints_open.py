"""Complaints nobody has answered."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shopguard.lib import formats
from stores.duties._declare import Duty, Waiting, Words
from stores.models import Complaint
from stores.selectors.visit import Visit
from stores.selectors.waiting import complaints_unanswered


def rows(visit: Visit) -> QuerySet[Complaint]:
    """Open complaints without an answer."""
    return complaints_unanswered(shop=visit.shop)


def words(waiting: Waiting) -> Words:
    """The line."""
    n = waiting.count
    title = ngettext("答复 %(n)s 起投诉", "答复 %(n)s 起投诉", n)
    return Words(title % {"n": formats.number(n)}, _("还没有答复；撤销或判为恶意的不计入纠纷率"))


DUTY = Duty("complaints_open", "scale", words, rows=rows, metric="dispute_rate", page="complaints")
