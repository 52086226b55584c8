"""Telling people in the product: put into the outbox with the event, delivered by the relay."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from stores.models import Channel, Notification, OutboxMessage, User
from stores.notices import notice_named
from stores.notices._declare import Recipient
from stores.selectors.notifications import notifications_of
from stores.services.deliveries import Choices, choices_for, deliveries_plan
from stores.services.outbox import Topic, outbox_put


def notice_put(*, kind: str, key: str, payload: Mapping[str, Any]) -> None:
    """Have an event told, in the caller's transaction; the same kind and key is told once.

    Raises KeyError when nobody declared the kind.
    """
    notice_named(kind)
    outbox_put(
        key=notice_key(kind=kind, key=key),
        topic=Topic.NOTICE,
        payload={"kind": kind, "key": key, **payload},
    )


def is_told(*, kind: str, key: str) -> bool:
    """Whether an event was put into the outbox already."""
    return OutboxMessage.objects.filter(key=notice_key(kind=kind, key=key)).exists()


def notice_key(*, kind: str, key: str) -> str:
    """The key of the outbox message of an event."""
    return f"notice:{kind}:{key}"


def notices_deliver(*, kind: str, key: str, payload: Mapping[str, Any]) -> int:
    """Write the notifications of an event and plan what is sent; returns how many people are told.

    A second delivery of the same event adds nothing.
    """
    notice = notice_named(kind)
    recipients = list(notice.recipients(payload))
    people = sorted({recipient.user_id for recipient in recipients})
    choices = choices_for(notice=notice, users=people)
    rows = [_row(recipient, kind, key, choices) for recipient in recipients]
    with transaction.atomic():
        Notification.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
        written = Notification.objects.filter(user__in=people, key__in={row.key for row in rows})
        deliveries_plan(notifications=written, choices=choices)
    return len(recipients)


def _row(recipient: Recipient, kind: str, key: str, choices: Choices) -> Notification:
    return Notification(
        user_id=recipient.user_id,
        shop_id=recipient.shop_id,
        kind=kind,
        severity=recipient.severity,
        payload=dict(recipient.payload),
        key=f"{kind}:{key}:{recipient.shop_id or ''}",
        in_app=choices.wants(recipient.user_id, Channel.APP, recipient.severity),
    )


def notifications_read(*, user: User, only: int | None = None) -> int:
    """Mark a person's notifications as read, or ``only`` the one of that key; returns how many."""
    unread: QuerySet[Notification] = notifications_of(user=user).filter(read_at=None)
    if only is not None:
        unread = unread.filter(pk=only)
    keys = list(unread.values_list("pk", flat=True))
    return Notification.objects.filter(pk__in=keys).update(read_at=timezone.now())
