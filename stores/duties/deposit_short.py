"""The deposit does not reach for this month."""

from datetime import timedelta

from django.utils.translation import gettext as _

from shopguard.lib.days import day_start
from stores.duties._declare import Duty, Waiting, Words
from stores.selectors.deposits import deposit_standing
from stores.selectors.visit import Visit


def waiting(visit: Visit) -> Waiting:
    """One while money is missing, until the last day to pay it."""
    found = visit.once(deposit_standing)
    if found is None or not found.short:
        return Waiting(0)
    return Waiting(1, day_start(found.due.payable_until + timedelta(days=1)))


def words(waiting: Waiting) -> Words:
    """The line."""
    return Words(_("补足店铺保证金"), _("应缴额按上月支付金额变了"))


DUTY = Duty(
    "deposit_short", "wallet", words, waiting=waiting, page="settings",
    roles=frozenset({"owner", "admin"}),
)  # fmt: skip
