"""Sessions of a quality sample nobody scored yet."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from servicescore.models import QualitySample
from shopguard.lib import formats
from stores.duties._declare import Duty, Waiting, Words
from stores.selectors.visit import Visit


def rows(visit: Visit) -> QuerySet[QualitySample]:
    """Drawn and not scored."""
    return QualitySample.objects.for_shop(visit.shop).filter(scored_at__isnull=True)


def words(waiting: Waiting) -> Words:
    """The line."""
    n = waiting.count
    title = ngettext("给 %(n)s 段质检会话打分", "给 %(n)s 段质检会话打分", n)
    return Words(title % {"n": formats.number(n)}, _("本周抽到的客服会话"))


DUTY = Duty("samples_unread", "list-checks", words, rows=rows, page="service:samples")
