"""Base settings that are not complete."""

from django.utils.translation import gettext as _

from stores.duties._declare import Duty, Waiting, Words
from stores.selectors.visit import Visit


def waiting(visit: Visit) -> Waiting:
    """One while they are not."""
    return Waiting(int(not visit.shop.base_settings_complete))


def words(waiting: Waiting) -> Words:
    """The line."""
    return Words(_("补全店铺的基础设置"), _("没有补全不能投保运费险"))


DUTY = Duty(
    "base_settings", "store", words, waiting=waiting, page="settings",
    roles=frozenset({"owner", "admin"}),
)  # fmt: skip
