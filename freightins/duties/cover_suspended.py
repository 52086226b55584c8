"""Cover that is suspended: new orders have none until it goes on."""

from django.utils.translation import gettext as _

from freightins.models import EnrolmentEvent
from freightins.selectors.enrolments import cover_seen
from stores.duties._declare import Duty, Waiting, Words
from stores.selectors.visit import Visit


def waiting(visit: Visit) -> Waiting:
    """One while suspended."""
    return Waiting(int(visit.once(cover_seen).state == EnrolmentEvent.State.SUSPENDED))


def words(waiting: Waiting) -> Words:
    """The line."""
    return Words(_("恢复运费险资格"), _("保障暂停中，新订单没有保障"))


DUTY = Duty("cover_suspended", "shield-off", words, waiting=waiting, page="freightins:home")
