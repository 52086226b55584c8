"""Sends what waits by e-mail and webhook. This is the only place that talks to mail servers and to
addresses of other people.
"""

import hashlib
import hmac
import json
import logging
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from shopguard.lib.mail import is_final, mail_send
from shopguard.lib.outbound import OutboundError, RefusedAddressError, post
from stores.models import Channel, Delivery
from stores.notices import words_of
from stores.notices._declare import Words
from stores.selectors.channels import webhook_of
from stores.selectors.notifications import notifications_of
from stores.services.channels import outbound_rules, webhook_secret
from stores.services.deliveries import delivery_begin, delivery_end, delivery_fail

logger = logging.getLogger(__name__)

State = Delivery.State


class NotWantedError(Exception):
    """The person is gone, or has no such way any more."""


def delivery_send(*, key: int, attempt: int) -> None:
    """Send one of the notifications that wait; nothing happens for an attempt begun already."""
    delivery = delivery_begin(key=key, attempt=attempt)
    if delivery is None:
        return
    user = delivery.notification.user
    try:
        with translation.override(user.language or settings.LANGUAGE_CODE):
            _send(delivery)
    except NotWantedError:
        delivery_end(key=key, attempt=attempt, state=State.DROPPED)
    except OutboundError as error:
        is_refused = isinstance(error, RefusedAddressError)
        delivery_fail(key=key, attempt=attempt, error=error.reason, is_final=is_refused)
    except OSError as error:
        logger.warning("delivery %s, attempt %s: %s", key, attempt, type(error).__name__)
        told = "mail_refused" if is_final(error) else "mail_failed"
        delivery_fail(key=key, attempt=attempt, error=told, is_final=is_final(error))
    else:
        delivery_end(key=key, attempt=attempt, state=State.SENT)


def _send(delivery: Delivery) -> None:
    told = delivery.notification
    may_know = notifications_of(user=told.user).filter(pk=told.pk).exists()
    if not may_know or not told.user.is_active:
        raise NotWantedError
    SENDERS[delivery.channel](delivery, words_of(told))


def _by_email(delivery: Delivery, words: Words) -> None:
    user = delivery.notification.user
    if not user.email or not settings.EMAIL_IS_ON:
        raise NotWantedError
    shop = delivery.notification.shop
    title = f"{shop.name}：{words.title}" if shop else words.title
    told = [line for line in (words.title, words.body, _address(words.url)) if line]
    choose = _("ShopGuard 店铺守护。在这里选哪些事发邮件：%(address)s")
    lines = [*told, "", "—", choose % {"address": _address(reverse("channels"))}]
    number = f"notification-{delivery.notification_id}"
    mail_send(to=user.email, subject=title, body="\n".join(lines), number=number)


def _by_webhook(delivery: Delivery, words: Words) -> None:
    told = delivery.notification
    webhook = webhook_of(user=told.user)
    if webhook is None:
        raise NotWantedError
    body = json.dumps(_event(delivery, words), ensure_ascii=False).encode()
    stamp = str(int(timezone.now().timestamp()))
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "ShopGuard",
        "X-ShopGuard-Delivery": str(delivery.pk),
        "X-ShopGuard-Timestamp": stamp,
        "X-ShopGuard-Signature": signature(webhook_secret(webhook), stamp, body),
    }
    status = post(webhook.url, body, headers, outbound_rules())
    if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        raise OutboundError(f"status_{status}")


def signature(secret: str, stamp: str, body: bytes) -> str:
    """``v1=`` and the HMAC-SHA256 (hex) of ``stamp``, a dot and the body, under the secret."""
    signed = stamp.encode() + b"." + body
    return "v1=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def _event(delivery: Delivery, words: Words) -> dict[str, object]:
    told = delivery.notification
    shop = {"id": told.shop.external_id, "name": told.shop.name} if told.shop else None
    return {
        "id": str(told.pk),
        "kind": told.kind,
        "severity": told.severity,
        "created_at": told.created_at.isoformat(),
        "shop": shop,
        "title": words.title,
        "body": words.body,
        "url": _address(words.url),
    }


def _address(path: str) -> str:
    return f"{settings.SITE_URL}{path}" if path else ""


SENDERS: dict[str, Callable[[Delivery, Words], None]] = {
    Channel.EMAIL: _by_email,
    Channel.WEBHOOK: _by_webhook,
}
