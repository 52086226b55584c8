"""A published score crossed a gate since the night before: the shop's owners hear of it."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servicescore.selectors.crossings import crossings
from servicescore.selectors.headline import gate_word
from shopguard.lib import formats
from stores.models import Notification
from stores.notices._declare import Notice, Recipient, Words
from stores.selectors.people import owners_of


def recipients(event: Mapping[str, Any]) -> Iterator[Recipient]:
    """The owners of every shop that crossed a gate. ``event`` holds ``day`` and ``rule_set``."""
    found = {
        crossing.shop_id: crossing
        for crossing in crossings(day=date.fromisoformat(event["day"]), rule_set=event["rule_set"])
    }
    severity = Notification.Severity
    for shop, user in owners_of(shops=found):
        crossing = found[shop]
        payload = {
            "day": event["day"],
            "shop": crossing.shop_key,
            "total": f"{crossing.total:.9f}",
            "before": f"{crossing.before:.9f}",
            "gate": crossing.gate_id,
            "limit": f"{crossing.gate:.9f}",
        }
        level = severity.URGENT if crossing.has_fallen else severity.GOOD
        yield Recipient(user, level, shop_id=shop, payload=payload)


def words(told: Notification) -> Words:
    """Which gate, which way, and the two totals."""
    about = told.payload
    total, before, limit = (float(about[name]) for name in ("total", "before", "limit"))
    sentence = (
        _("服务分跌破%(gate)s门槛 %(limit)s") if total < limit
        else _("服务分升过%(gate)s门槛 %(limit)s")
    )  # fmt: skip
    title = sentence % {"gate": gate_word(about["gate"]), "limit": formats.score(limit)}
    day = formats.day(date.fromisoformat(about["day"]), timezone.localdate())
    body = _("%(day)s 发布 %(total)s，前一天 %(before)s。") % {
        "day": day, "total": formats.score(total), "before": formats.score(before),
    }  # fmt: skip
    return Words(title, body, reverse("servicescore:score", args=[about["shop"]]))


NOTICE = Notice(
    "score_gate",
    recipients,
    words,
    label=gettext_lazy("服务分越过门槛"),
    heard_by=frozenset({"owner"}),
)
