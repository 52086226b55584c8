"""What people decide about how they are told: levels by kind and channel, webhook, e-mail."""

import base64
from collections.abc import Mapping
from datetime import datetime, timedelta
from secrets import token_hex

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from shopguard.lib.outbound import RefusedAddressError, Rules, target_of
from stores.models import ChannelChoice, User, Webhook
from stores.selectors.audit import audit_count
from stores.selectors.people import email_is_taken
from stores.services.audit import audit_record
from stores.services.notices import notice_put

SECRET_MARK = "sgw_"
SECRET_SALT = "stores.webhook"
EMAIL_SALT = "stores.email"
EMAIL_VALID_FOR = timedelta(days=1)
ASKED, ASKED_AN_HOUR = "email.ask", 5


@transaction.atomic
def choices_set(*, user: User, levels: Mapping[tuple[str, str], str]) -> None:
    """Keep the levels a person chose, by kind and channel; others stay as they are.

    The caller has checked the values.
    """
    ChannelChoice.objects.bulk_create(
        [
            ChannelChoice(user=user, kind=kind, channel=channel, level=level)
            for (kind, channel), level in levels.items()
        ],
        update_conflicts=True,
        unique_fields=["user", "kind", "channel"],
        update_fields=["level"],
    )


def outbound_rules() -> Rules:
    """What webhooks may reach beyond the public internet; nothing, unless an operator said so."""
    return Rules(
        networks=tuple(settings.WEBHOOK_EXTRA_NETWORKS),
        plain=settings.WEBHOOK_PLAIN_HTTP,
        seconds=settings.WEBHOOK_SECONDS,
    )


@transaction.atomic
def webhook_set(*, user: User, url: str) -> tuple[Webhook, str]:
    """Send a person's notices to an address from now on, signed with a new secret.

    Returns the row and the secret. Raises ValidationError for what cannot be an address.
    """
    try:
        target = target_of(url, outbound_rules())
    except RefusedAddressError as refusal:
        sentence = (
            _("地址要以 https:// 开头。") if refusal.reason == "needs_https"
            else _("这不是一个可用的网址。")
        )  # fmt: skip
        raise ValidationError({"url": sentence}) from None
    webhook, is_new = Webhook.objects.update_or_create(
        user=user, defaults={"url": url.strip(), "nonce": token_hex(16)}
    )
    action = "webhook.create" if is_new else "webhook.change"
    audit_record(
        actor=user, action=action, object_type="webhook", object_id=str(user.pk),
        after={"host": target.host_header},
    )  # fmt: skip
    return webhook, webhook_secret(webhook)


@transaction.atomic
def webhook_drop(*, user: User) -> None:
    """Send nothing to a person's webhook any more; nothing happens when there is none."""
    gone, _rows = Webhook.objects.filter(user=user).delete()
    if gone:
        audit_record(
            actor=user, action="webhook.drop", object_type="webhook", object_id=str(user.pk)
        )


def webhook_secret(webhook: Webhook) -> str:
    """What a webhook is signed with. It stands nowhere: see :class:`stores.models.Webhook`."""
    told = f"{webhook.user_id}:{webhook.nonce}"
    digest = salted_hmac(SECRET_SALT, told, algorithm="sha256").digest()
    return SECRET_MARK + base64.urlsafe_b64encode(digest).decode().rstrip("=")


@transaction.atomic
def trial_put(*, user: User) -> None:
    """Have a person told something for trial, on every way there is."""
    notice_put(kind="channel_trial", key=token_hex(8), payload={"user": user.pk})


@transaction.atomic
def email_ask(*, user: User, email: str, now: datetime) -> str:
    """What proves that a person reads an address, to be sent there; valid for a day.

    Raises ValidationError for what is no address and when asked too often: strangers must not be
    written to at will. An address that somebody else has is found out only when it is confirmed, so
    that nobody learns who has an account.
    """
    try:
        validate_email(email)
    except ValidationError:
        raise ValidationError({"email": _("这不是一个邮箱地址。")}) from None
    if audit_count(actor=user, action=ASKED, since=now - timedelta(hours=1)) >= ASKED_AN_HOUR:
        raise ValidationError({"email": _("一小时内发了太多确认邮件，请晚些再试。")})
    audit_record(actor=user, action=ASKED, object_type="user", object_id=str(user.pk))
    told = {"user": user.pk, "email": User.objects.normalize_email(email), "was": user.email}
    return signing.dumps(told, salt=EMAIL_SALT)


@transaction.atomic
def email_confirm(*, user: User, token: str) -> str:
    """Take over the address a token was sent to; returns it.

    Raises ValidationError when the token is no good (any more) or the address was taken meanwhile.
    """
    try:
        told = signing.loads(token, salt=EMAIL_SALT, max_age=EMAIL_VALID_FOR)
    except signing.BadSignature:
        told = {}
    person = User.objects.select_for_update().get(pk=user.pk)
    if told.get("user") != user.pk or told["was"] != person.email:
        raise ValidationError(_("链接已失效，请再发一次确认邮件。"))
    if email_is_taken(user=user, email=told["email"]):
        raise ValidationError(_("这个地址不能使用，请换一个。"))
    person.email = str(told["email"])
    person.save(update_fields=["email"])
    audit_record(actor=user, action="email.change", object_type="user", object_id=str(user.pk))
    return person.email


@transaction.atomic
def email_drop(*, user: User) -> None:
    """Send no e-mail to a person any more; nothing happens when there is no address."""
    if User.objects.filter(pk=user.pk).exclude(email="").update(email=""):
        audit_record(actor=user, action="email.drop", object_type="user", object_id=str(user.pk))
