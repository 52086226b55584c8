"""Differences between the platform's statement and our ledger nobody has looked at."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from freightins.models import Reconciled
from freightins.selectors.statement_page import differences_open
from shopguard.lib import formats
from stores.duties._declare import Duty, Waiting, Words
from stores.selectors.visit import Visit


def rows(visit: Visit) -> QuerySet[Reconciled]:
    """Those of the shop."""
    return differences_open(shop=visit.shop)


def words(waiting: Waiting) -> Words:
    """The line."""
    n = waiting.count
    title = ngettext("核对 %(n)s 笔对不上的运费险账", "核对 %(n)s 笔对不上的运费险账", n)
    return Words(title % {"n": formats.number(n)}, _("对账单和我们的账不一样"))


DUTY = Duty(
    "statement_differences", "receipt-text", words, rows=rows, page="freightins:statement",
    roles=frozenset({"owner", "ops"}),
)  # fmt: skip
