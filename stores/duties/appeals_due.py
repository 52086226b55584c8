"""Violations that can still be appealed."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shopguard.lib import formats
from stores.duties._declare import Duty, Waiting, Words
from stores.models import Violation
from stores.selectors.cases import cases_appealable
from stores.selectors.visit import Visit


def rows(visit: Visit) -> QuerySet[Violation]:
    """Pending cases with time and a try left."""
    return cases_appealable(visit.shop, now=visit.now)


def words(waiting: Waiting) -> Words:
    """The line."""
    n = waiting.count
    title = ngettext("写 %(n)s 件违规的申诉", "写 %(n)s 件违规的申诉", n)
    return Words(title % {"n": formats.number(n)}, _("过了期限没有申诉就会执行；先写最值的一件"))


DUTY = Duty(
    "appeals_due", "gavel", words, rows=rows, due="until", page="conduct",
    roles=frozenset({"owner", "admin"}),
)  # fmt: skip
