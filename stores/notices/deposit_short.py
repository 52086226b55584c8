"""The deposit of a shop does not reach for this month: its owners hear of it."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shopguard.lib import formats
from stores.models import Notification
from stores.notices._declare import Notice, Recipient, Words
from stores.selectors.people import owners_of, shop_keys


def recipients(event: Mapping[str, Any]) -> Iterator[Recipient]:
    """The owners of the shop with key ``shop``; ``short`` is what is missing, in fen."""
    keys = shop_keys(shops=[event["shop"]])
    for shop, user in owners_of(shops=[event["shop"]]):
        payload = {"short": event["short"], "shop": keys[shop]}
        yield Recipient(user, Notification.Severity.WATCH, shop_id=shop, payload=payload)


def words(told: Notification) -> Words:
    """How much, and where it stands."""
    about = told.payload
    title = _("保证金还差 %(money)s") % {"money": formats.yuan(about["short"])}
    body = _("4 日起按新的应缴额执行。")
    return Words(title, body, reverse("settings", args=[about["shop"]]) + "#deposit")


NOTICE = Notice(
    "deposit_short", recipients, words, label=gettext_lazy("保证金不足"),
    heard_by=frozenset({"owner"}),
)  # fmt: skip
