"""Upheld complaints about blacklisting suspend the shop's blacklist: its owners hear of it."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from shopguard.lib import formats
from stores.models import Notification
from stores.notices._declare import Notice, Recipient, Words
from stores.selectors.people import owners_of


def recipients(event: Mapping[str, Any]) -> Iterator[Recipient]:
    """The shop's owners. ``event`` holds ``shop``, ``shop_key`` and ``count``."""
    payload = {name: event[name] for name in ("shop_key", "count")}
    for shop, user in owners_of(shops=[event["shop"]]):
        yield Recipient(user, Notification.Severity.URGENT, shop_id=shop, payload=payload)


def words(told: Notification) -> Words:
    """How many, and what they cost."""
    about = told.payload
    title = ngettext(
        "拉黑买家被投诉成立 %(n)s 次，黑名单功能暂停",
        "拉黑买家被投诉成立 %(n)s 次，黑名单功能暂停",
        about["count"],
    ) % {"n": formats.number(about["count"])}
    body = _("看这些投诉是怎么来的；判错的可以申诉。")
    return Words(title, body, reverse("service:mode", args=[about["shop_key"]]))


NOTICE = Notice(
    "blacklist_suspended", recipients, words, label=gettext_lazy("黑名单功能暂停"),
    heard_by=frozenset({"owner"}),
)  # fmt: skip
