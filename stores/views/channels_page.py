"""The page of how a person is told."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from stores.channel_forms import WAYS
from stores.models import Delivery, User
from stores.notices import notices_for, words_of
from stores.notices._declare import Notice
from stores.selectors.channels import choices_of, deliveries_newest, roles_of, webhook_of

ERRORS: dict[str, Any] = {
    "unknown_host": _("找不到这个域名"),
    "inner_address": _("地址在内网，不发"),
    "not_an_address": _("地址不可用"),
    "needs_https": _("地址不是 https"),
    "no_connection": _("连接不上"),
    "no_answer": _("对方的回答看不懂"),
    "too_slow": _("对方太慢"),
    "tls_failed": _("证书有问题"),
    "mail_failed": _("邮件服务器没有收下"),
    "mail_refused": _("邮件服务器拒收"),
}
STATES: dict[str, tuple[str, Any]] = {
    "waiting": ("watch", _("等待发送")),
    "sent": ("good", _("已送达")),
    "failed": ("urgent", _("没有送达")),
    "dropped": ("none", _("不再需要")),
}


@dataclass(frozen=True)
class Sending:
    """A sending in words; ``tone`` is the name of a badge, ``state`` its word."""

    row: Delivery
    title: str
    tone: str
    state: str
    way: str
    error: str


@dataclass(frozen=True)
class ChannelsPage:
    """All of the page. ``webhook_host`` and ``email`` are empty where there is none."""

    notices: list[Notice]
    chosen: dict[tuple[str, str], str]
    webhook_host: str
    email: str
    is_email_on: bool
    sendings: list[Sending]


def channels_page(*, user: User) -> ChannelsPage:
    """What the person may choose, has chosen, and was sent last."""
    webhook = webhook_of(user=user)
    return ChannelsPage(
        notices=notices_for(roles_of(user=user)),
        chosen=choices_of(user=user),
        webhook_host=urlsplit(webhook.url).netloc if webhook else "",
        email=user.email,
        is_email_on=settings.EMAIL_IS_ON,
        sendings=[_sending(row) for row in deliveries_newest(user=user)],
    )


def _sending(row: Delivery) -> Sending:
    return Sending(
        row=row,
        title=words_of(row.notification).title,
        tone=STATES[row.state][0],
        state=str(STATES[row.state][1]),
        way=str(WAYS[row.channel]),
        error=error_words(row.error),
    )


def error_words(code: str) -> str:
    """Why a sending failed; ``status_500`` is what the other side answered."""
    name, _dash, status = code.partition("_")
    if name == "status" and status.isdigit():
        return str(_("对方回答 %(status)s")) % {"status": status}
    return str(ERRORS.get(code, code))
