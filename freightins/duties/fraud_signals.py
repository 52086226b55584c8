"""Signs of fraud in the claims nobody has looked at."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from freightins.models import FraudSignal
from freightins.selectors.signals_page import signals_open
from shopguard.lib import formats
from stores.duties._declare import Duty, Waiting, Words
from stores.selectors.visit import Visit


def rows(visit: Visit) -> QuerySet[FraudSignal]:
    """Those of the shop."""
    return signals_open(shop=visit.shop)


def words(waiting: Waiting) -> Words:
    """The line."""
    n = waiting.count
    title = ngettext("看看 %(n)s 个骗赔信号", "看看 %(n)s 个骗赔信号", n)
    return Words(title % {"n": formats.number(n)}, _("有证据，等你判断"))


DUTY = Duty(
    "fraud_signals", "siren", words, rows=rows, page="freightins:signals",
    roles=frozenset({"owner", "ops"}),
)  # fmt: skip
