"""A write that is asked for twice happens once: answers kept under idempotency keys.

One lock per person and key, held until the caller's transaction ends, serialises equal requests.
The change and its kept answer are one transaction, so a request that dies half-way leaves neither,
and nothing has to be cleaned up after it.
"""

from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from stores.models import KeptAnswer, User


class SameRequestRunningError(Exception):
    """The same key is being answered by another request."""


class KeyTakenError(Exception):
    """The key was used for a different request."""


def answer_recall(*, user: User, key: str, fingerprint: str) -> KeptAnswer | None:
    """The kept answer of this very request; None when the key is new or its answer has expired.

    Takes the key's lock in the caller's transaction. Raises SameRequestRunningError when another
    request holds it, KeyTakenError when the key belongs to another request.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("an answer is kept with its change")
    if not _lock(user, key):
        raise SameRequestRunningError
    answer = KeptAnswer.objects.filter(user=user, key=key).first()
    if answer is None or answer.created_at <= timezone.now() - _kept_for():
        return None
    if answer.fingerprint != fingerprint:
        raise KeyTakenError
    return answer


def answer_keep(
    *, user: User, key: str, fingerprint: str, status: int, body: str, location: str = ""
) -> None:
    """Keep an answer in the transaction of its change; the person's expired ones go."""
    now = timezone.now()
    KeptAnswer.objects.filter(user=user, created_at__lte=now - _kept_for()).delete()
    KeptAnswer.objects.create(
        user=user,
        key=key,
        fingerprint=fingerprint,
        status=status,
        body=body,
        location=location,
        created_at=now,
    )


def _lock(user: User, key: str) -> bool:
    name = f"once:{user.pk}:{key}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 1))", [name])
        (locked,) = cursor.fetchone()
    return bool(locked)


def _kept_for() -> timedelta:
    return timedelta(hours=settings.IDEMPOTENCY_HOURS)
