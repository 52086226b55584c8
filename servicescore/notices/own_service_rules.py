"""A shop asks to answer its customers itself: its people are sent the rules to learn."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servicescore.rules import compiled_assessment_rules
from shopguard.lib import formats
from shopguard.lib.days import SECONDS_PER_HOUR, shanghai_day
from stores.models import Notification
from stores.notices._declare import Notice, Recipient, Words
from stores.selectors.people import members_told_of


def recipients(event: Mapping[str, Any]) -> Iterator[Recipient]:
    """Owners and ops of the shop. ``event`` holds ``shop`` and ``shop_key``."""
    for shop, user in members_told_of(shops=[event["shop"]]):
        payload = {"shop_key": event["shop_key"]}
        yield Recipient(user, Notification.Severity.WATCH, shop_id=shop, payload=payload)


def words(told: Notification) -> Words:
    """The rules in short, and where all of them are."""
    rules = compiled_assessment_rules(shanghai_day(timezone.now()))
    about = {
        "opens": rules.opens // SECONDS_PER_HOUR, "closes": rules.closes // SECONDS_PER_HOUR,
        "reply": formats.percent(dict(rules.reply_from)["pass"], 0),
        "low": formats.percent(dict(rules.low_to)["pass"], 0), "days": rules.limit_days,
    }  # fmt: skip
    lines = (
        _("每天 %(opens)s–%(closes)s 点考核。") % about,
        _("3 分钟回复率到 %(reply)s 合格，不满意率不超过 %(low)s 合格。") % about,
        _("不达标要上课考试，严重的限制公域流量 %(days)s 天。") % about,
        _("学完后由店主记录考试，通过当天生效。"),
    )
    title = _("自主客服：先学规则，再考试")
    return Words(title, "\n".join(lines), reverse("service:mode", args=[told.payload["shop_key"]]))


NOTICE = Notice(
    "own_service_rules", recipients, words, label=gettext_lazy("自主客服规则"),
    heard_by=frozenset({"owner", "ops"}),
)  # fmt: skip
