"""一周小结: on Mondays at noon every member hears how their shops stand, apart from all alarms."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from servicescore.selectors.week_totals import WeekTotal, week_totals
from shopguard.lib import formats
from stores.models import Channel, Level, Notification
from stores.notices._declare import Notice, Recipient, Words
from stores.selectors.channels import members_told
from stores.selectors.notifications import urgent_counts

SHOPS_NAMED = 10
WEEK = timedelta(days=7)


def recipients(event: Mapping[str, Any]) -> Iterator[Recipient]:
    """Every member of a shop. ``event`` holds the Monday as ``day``: the week ends with it."""
    day = date.fromisoformat(event["day"])
    people = members_told()
    totals = week_totals(day=day, users=people)
    alarms = urgent_counts(users=people, first=day - WEEK, last=day)
    for user in people:
        lines = totals.get(user, [])
        changes = [line.total - line.before for line in lines if line.total and line.before]
        payload = {
            "day": event["day"],
            "shops": [_kept(line) for line in lines[:SHOPS_NAMED]],
            "count": len(lines),
            "up": sum(_shown(change) > 0 for change in changes),
            "down": sum(_shown(change) < 0 for change in changes),
            "urgent": alarms.get(user, 0),
        }
        yield Recipient(user, Notification.Severity.INFO, payload=payload)


def _shown(change: float) -> float:
    """A change as it is shown: to two decimals."""
    return round(change, 2)


def _kept(line: WeekTotal) -> dict[str, str]:
    total, before = ("" if value is None else f"{value:.9f}" for value in (line.total, line.before))
    return {"key": line.key, "name": line.name, "total": total, "before": before}


def words(told: Notification) -> Words:
    """How many rose and fell, then shop by shop, those that fell most first."""
    about = told.payload
    title = ngettext(
        "一周小结：%(n)s 家店，%(up)s 家上升，%(down)s 家下降",
        "一周小结：%(n)s 家店，%(up)s 家上升，%(down)s 家下降",
        about["count"],
    ) % {name: formats.number(about[key]) for name, key in COUNTS.items()}
    lines = [_line(shop) for shop in about["shops"]]
    if about["count"] > len(lines):
        lines.append(_("其余店铺看店铺表。"))
    if about["urgent"]:
        alarms = ngettext(
            "这一周有 %(n)s 条紧急通知。", "这一周有 %(n)s 条紧急通知。", about["urgent"]
        )
        lines.append(alarms % {"n": formats.number(about["urgent"])})
    day = formats.day(date.fromisoformat(about["day"]), timezone.localdate())
    lines.append(_("截至 %(day)s 12:00（上海时间）公布的分数。") % {"day": day})
    return Words(title, "\n".join(lines), reverse("home"))


COUNTS = {"n": "count", "up": "up", "down": "down"}


def _line(shop: Mapping[str, str]) -> str:
    if not shop["total"]:
        return _("%(name)s：还没有服务分") % {"name": shop["name"]}
    about = {"name": shop["name"], "total": formats.score(float(shop["total"]))}
    if not shop["before"]:
        return _("%(name)s：%(total)s") % about
    before = formats.score(float(shop["before"]))
    return _("%(name)s：%(total)s，一周前 %(before)s") % (about | {"before": before})


NOTICE = Notice(
    "weekly_digest", recipients, words, label=gettext_lazy("一周小结"),
    heard_by=frozenset({"owner", "ops"}),
    levels={Channel.APP: Level.ALL, Channel.EMAIL: Level.ALL, Channel.WEBHOOK: Level.OFF},
)  # fmt: skip
