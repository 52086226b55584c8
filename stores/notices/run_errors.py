"""A run ended with errors: admins hear of it."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from shopguard.lib import formats
from stores.models import Notification
from stores.notices._declare import Notice, Recipient, Words
from stores.selectors.people import admin_keys
from stores.selectors.runs import run_state, shards_failed


def recipients(event: Mapping[str, Any]) -> Iterator[Recipient]:
    """Every admin. ``event`` holds the key of the run as ``run``."""
    run = run_state(run_id=event["run"])
    failed = list(shards_failed(run_id=run.pk))
    payload = {
        "run": run.pk,
        "day": run.day.isoformat(),
        "failed": len(failed),
        "shops": sum(len(shard.shops) for shard in failed),
    }
    for user in admin_keys():
        yield Recipient(user, Notification.Severity.URGENT, payload=payload)


def words(told: Notification) -> Words:
    """How many shards failed, and where to look."""
    about = told.payload
    day = formats.day(date.fromisoformat(about["day"]), timezone.localdate())
    title = ngettext(
        "%(day)s 的运行有 %(n)s 个分片失败", "%(day)s 的运行有 %(n)s 个分片失败", about["failed"]
    ) % {"day": day, "n": formats.number(about["failed"])}
    body = _("%(shops)s沿用上一次的分数。看原因，再试一次。") % {
        "shops": formats.shops(about["shops"])
    }
    return Words(title, body, reverse("desk:run", args=[about["run"]]))


NOTICE = Notice(
    "run_errors",
    recipients,
    words,
    label=gettext_lazy("夜间任务出错"),
    heard_by=frozenset({"admin"}),
)
