"""The deposit does not reach for this month."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from stores.duties._declare import Duty, Waiting, Words
from stores.models import DepositDue
from stores.selectors.deposits import deposits_short
from stores.selectors.visit import Visit


def rows(visit: Visit) -> QuerySet[DepositDue]:
    """The newest month while money is missing."""
    return deposits_short(shop=visit.shop)


def words(waiting: Waiting) -> Words:
    """The line."""
    return Words(_("补足店铺保证金"), _("应缴额按上月支付金额变了"))


DUTY = Duty(
    "deposit_short", "wallet", words, rows=rows, due="until", page="settings",
    roles=frozenset({"owner", "admin"}),
)  # fmt: skip
