"""A forced course ended without an exam on record: a person has to look."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shopguard.lib import formats
from stores.models import Notification
from stores.notices._declare import Notice, Recipient, Words
from stores.selectors.people import admin_keys, owners_of


def recipients(event: Mapping[str, Any]) -> Iterator[Recipient]:
    """The shop's owners, and admins. ``event`` holds ``shop``, ``shop_key`` and ``last``, the last
    day of the course.
    """
    payload = {name: event[name] for name in ("shop_key", "last")}
    people = {user for _shop, user in owners_of(shops=[event["shop"]])}
    for user in sorted(people.union(admin_keys())):
        yield Recipient(user, Notification.Severity.URGENT, shop_id=event["shop"], payload=payload)


def words(told: Notification) -> Words:
    """That nobody knows how it ended, and what depends on it."""
    about = told.payload
    last = formats.day(date.fromisoformat(about["last"]), timezone.localdate())
    return Words(
        _("客服强制课程 %(last)s 到期，没有考试记录") % {"last": last},
        _("请核对并补记结果：没考过或缺考会接着限流，考过则恢复考核。"),
        reverse("service:service", args=[about["shop_key"]]),
    )


NOTICE = Notice(
    "course_end", recipients, words, label=gettext_lazy("客服课程到期"),
    heard_by=frozenset({"owner", "admin"}),
)  # fmt: skip
