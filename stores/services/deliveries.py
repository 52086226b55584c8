"""Notifications on their way out: planned with the notification, claimed, sent, tried again.

Nothing here talks to the outside. Somebody who sends claims what is due, which costs an attempt
and lends the row for a while, sends it outside of any transaction, and writes down what came of it.
Whoever dies in between leaves a row that is due again when the loan ends.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from stores.models import Channel, Delivery, Level, Notification
from stores.notices._declare import Notice
from stores.selectors.channels import choices_about, listeners, mailboxes

# After each failure, until the next try; after the last one it is given up.
WAITS = (
    timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2),
    timedelta(hours=12),
)  # fmt: skip
LOAN = timedelta(minutes=2)
CLAIMED_AT_ONCE = 50
ERROR_CHARS = 200

State = Delivery.State


@dataclass(frozen=True)
class Choices:
    """What some people chose for one kind of notice."""

    notice: Notice
    chosen: Mapping[int, Mapping[str, str]]

    def wants(self, user: int, channel: str, severity: str) -> bool:
        """Whether a person is told of something that urgent on a channel."""
        level = self.chosen.get(user, {}).get(channel) or self.notice.level(channel)
        is_urgent = severity == Notification.Severity.URGENT
        if channel == Channel.APP and is_urgent:
            return True
        return level == Level.ALL or (level == Level.URGENT and is_urgent)


def choices_for(*, notice: Notice, users: Sequence[int]) -> Choices:
    """What those people chose for a kind, in one query."""
    return Choices(notice, choices_about(kind=notice.name, users=users))


def deliveries_plan(*, notifications: Iterable[Notification], choices: Choices) -> int:
    """Have notifications sent on the ways their people chose, in the caller's transaction.

    Planning the same notification again adds nothing. Returns how many sendings are wanted.
    """
    rows = list(notifications)
    people = [row.user_id for row in rows]
    reached = {Channel.EMAIL: mailboxes(users=people), Channel.WEBHOOK: listeners(users=people)}
    wanted = [
        Delivery(notification=row, channel=channel, next_at=timezone.now())
        for row in rows
        for channel, users in reached.items()
        if row.user_id in users and choices.wants(row.user_id, channel, row.severity)
    ]
    Delivery.objects.bulk_create(wanted, ignore_conflicts=True, batch_size=1000)
    return len(wanted)


@transaction.atomic
def deliveries_claim(*, now: datetime) -> list[tuple[int, int]]:
    """Lend out what is due, as (key, attempt); another claimer gets none of it meanwhile."""
    due = Delivery.objects.select_for_update(skip_locked=True).filter(
        state=State.WAITING, next_at__lte=now
    )
    keys = list(due.order_by("next_at", "pk").values_list("pk", flat=True)[:CLAIMED_AT_ONCE])
    if not keys:
        return []
    mine = Delivery.objects.filter(pk__in=keys)
    mine.update(attempts=F("attempts") + 1, next_at=now + LOAN)
    return list(mine.order_by("pk").values_list("pk", "attempts"))


def delivery_begin(*, key: int, attempt: int) -> Delivery | None:
    """The row to send; None when this attempt was begun already or is no longer the one."""
    rows = Delivery.objects.filter(pk=key, state=State.WAITING, attempts=attempt, begun__lt=attempt)
    if not rows.update(begun=attempt):
        return None
    return Delivery.objects.select_related("notification__user", "notification__shop").get(pk=key)


def delivery_end(*, key: int, attempt: int, state: Delivery.State, error: str = "") -> None:
    """It was sent, or is not to be sent any more."""
    Delivery.objects.filter(pk=key, state=State.WAITING, attempts=attempt).update(
        state=state, error=error[:ERROR_CHARS], ended_at=timezone.now()
    )


def delivery_fail(*, key: int, attempt: int, error: str, is_final: bool = False) -> None:
    """It could not be sent: try again after a while, or give up after the last time."""
    if is_final or attempt > len(WAITS):
        delivery_end(key=key, attempt=attempt, state=State.FAILED, error=error)
        return
    Delivery.objects.filter(pk=key, state=State.WAITING, attempts=attempt).update(
        next_at=timezone.now() + WAITS[attempt - 1], error=error[:ERROR_CHARS]
    )
