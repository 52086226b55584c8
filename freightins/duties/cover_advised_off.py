"""Covered products whose cover is advised against."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from freightins.models import EnrolmentEvent
from freightins.selectors.enrolments import cover_seen
from freightins.selectors.visits import advised_off_seen
from shopguard.lib import formats
from stores.duties._declare import Duty, Waiting, Words
from stores.selectors.visit import Visit


def waiting(visit: Visit) -> Waiting:
    """How many there are while cover is active."""
    if visit.once(cover_seen).state != EnrolmentEvent.State.ACTIVE:
        return Waiting(0)
    return Waiting(visit.once(advised_off_seen))


def words(waiting: Waiting) -> Words:
    """The line."""
    n = waiting.count
    title = ngettext("看看 %(n)s 件建议关掉保障的商品", "看看 %(n)s 件建议关掉保障的商品", n)
    return Words(title % {"n": formats.number(n)}, _("退货少或定制，保费多半用不上"))


DUTY = Duty(
    "cover_advised_off", "shield-question-mark", words, waiting=waiting,
    page="freightins:products", roles=frozenset({"owner", "ops"}),
)  # fmt: skip
