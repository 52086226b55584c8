"""The assessment was failed in several months: a person decides what that means, nothing else."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from shopguard.lib import formats
from stores.models import Notification
from stores.notices._declare import Notice, Recipient, Words
from stores.selectors.people import admin_keys, owners_of


def recipients(event: Mapping[str, Any]) -> Iterator[Recipient]:
    """The shop's owners, and admins. ``event`` holds ``shop``, ``shop_key`` and ``count``."""
    payload = {name: event[name] for name in ("shop_key", "count")}
    people = {user for _shop, user in owners_of(shops=[event["shop"]])}
    for user in sorted(people.union(admin_keys())):
        yield Recipient(user, Notification.Severity.URGENT, shop_id=event["shop"], payload=payload)


def words(told: Notification) -> Words:
    """How many months, and that nothing follows by itself."""
    about = told.payload
    title = ngettext(
        "近半年 %(n)s 个月客服考核不达标", "近半年 %(n)s 个月客服考核不达标", about["count"]
    ) % {"n": formats.number(about["count"])}
    body = _("平台可能限流或清退，要由人判断；系统不会自动处理。")
    return Words(title, body, reverse("service:service", args=[about["shop_key"]]))


NOTICE = Notice(
    "failing_months", recipients, words, label=gettext_lazy("客服考核多月不达标"),
    heard_by=frozenset({"owner", "admin"}),
)  # fmt: skip
