"""Claims whose review should be over."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from freightins.models import Claim
from freightins.selectors.claims_page import claims_overdue
from shopguard.lib import formats
from stores.duties._declare import Duty, Waiting, Words
from stores.selectors.visit import Visit


def rows(visit: Visit) -> QuerySet[Claim]:
    """Those of the shop."""
    return claims_overdue(shop=visit.shop, now=visit.now)


def words(waiting: Waiting) -> Words:
    """The line."""
    n = waiting.count
    title = ngettext("催办 %(n)s 件逾期没赔的理赔", "催办 %(n)s 件逾期没赔的理赔", n)
    return Words(title % {"n": formats.number(n)}, _("商家收货已过 72 小时，对账单里没有赔付"))


DUTY = Duty(
    "claims_overdue", "hourglass", words, rows=rows, page="freightins:claims",
    roles=frozenset({"owner", "ops"}),
)  # fmt: skip
