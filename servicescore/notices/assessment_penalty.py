"""The assessment of customer service found a punishment: the shop's people hear of it."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from servicescore.calc.assessment import LIMIT
from servicescore.selectors.assessment_words import indicator_word
from shopguard.lib import formats
from stores.models import Notification
from stores.notices._declare import Notice, Recipient, Words
from stores.selectors.people import members_told_of


def recipients(event: Mapping[str, Any]) -> Iterator[Recipient]:
    """Owners and ops of the shop. ``event`` holds ``shop``, ``shop_key``, ``indicator``, ``level``
    and the days ``first`` and ``last``.
    """
    payload = {name: event[name] for name in ("shop_key", "indicator", "level", "last")}
    for shop, user in members_told_of(shops=[event["shop"]]):
        yield Recipient(user, Notification.Severity.URGENT, shop_id=shop, payload=payload)


def words(told: Notification) -> Words:
    """What was missed, and what follows until when."""
    about = told.payload
    last = formats.day(date.fromisoformat(about["last"]), timezone.localdate())
    title = _("客服考核不达标：%(indicator)s") % {"indicator": indicator_word(about["indicator"])}
    body = (
        _("限制公域流量，到 %(last)s 为止。") if about["level"] == LIMIT
        else _("强制课程与考试，要在 %(last)s 之前考过；没考过或缺考接着限流。")
    )  # fmt: skip
    return Words(title, body % {"last": last}, reverse("service:service", args=[about["shop_key"]]))


NOTICE = Notice(
    "assessment_penalty", recipients, words, label=pgettext_lazy("notice", "客服考核处罚"),
    heard_by=frozenset({"owner", "ops"}),
)  # fmt: skip
