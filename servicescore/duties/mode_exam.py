"""A switch to own service that waits for its exam."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from servicescore.models import ModeSwitch
from stores.duties._declare import Duty, Waiting, Words
from stores.models import Shop
from stores.selectors.visit import Visit


def rows(visit: Visit) -> QuerySet[ModeSwitch]:
    """The switch, if there is one."""
    waiting = ModeSwitch.objects.for_shop(visit.shop).filter(state=ModeSwitch.State.OPEN)
    return waiting.filter(wanted=Shop.ServiceMode.OWN)


def words(waiting: Waiting) -> Words:
    """The line."""
    return Words(_("考过自主客服的基础考试"), _("通过当天自主客服生效"))


DUTY = Duty("mode_exam", "graduation-cap", words, rows=rows, page="service:mode")
