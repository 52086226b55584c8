"""The outbox: what has to be told is written with the change it tells of, and delivered later.

Delivery is at least once and in any order; a handler must bear being called twice. Handlers are
registered by the modules that may talk to the outside (``shopguard.tasks``), never by services.
"""

import logging
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Least, Now

from stores.models import OutboxMessage

logger = logging.getLogger(__name__)

Handler = Callable[[Mapping[str, Any]], None]

ERROR_CHARS = 500
MOST_ATTEMPTS_COUNTED = 32_000  # the column holds a small integer; the sweeper tries for ever
FAILURES_PER_PASS = 3  # with the broker away each try costs seconds


class Topic(StrEnum):
    """What a message is about; each has exactly one handler."""

    SHARDS_RING = "shards.ring"
    RUN_FINISHED = "run.finished"
    NOTICE = "notice"
    IMPORT_RING = "import.ring"


_handlers: dict[Topic, Handler] = {}


def handles(topic: Topic) -> Callable[[Handler], Handler]:
    """Register the handler of a topic. Raises ValueError when the topic has one already."""

    def register(handler: Handler) -> Handler:
        if topic in _handlers:
            raise ValueError(f"topic {topic} already has a handler")
        _handlers[topic] = handler
        return handler

    return register


def topics_handled() -> set[Topic]:
    """The topics that have a handler in this process."""
    return set(_handlers)


def outbox_put(*, key: str, topic: Topic, payload: Mapping[str, Any]) -> None:
    """Write a message in the caller's transaction; a key that is already there is kept as it is."""
    OutboxMessage.objects.bulk_create(
        [OutboxMessage(key=key, topic=topic, payload=dict(payload))], ignore_conflicts=True
    )


def outbox_relay(*, limit: int = 200) -> int:
    """Deliver what waits, the least tried first; returns how many were delivered.

    Any number of relays may run: a message another one holds is skipped. A failed delivery is
    written down and tried again by the next pass; three in one pass end it.
    """
    waiting = OutboxMessage.objects.filter(delivered_at=None).order_by("attempts", "pk")
    delivered = failures = 0
    for pk in list(waiting.values_list("pk", flat=True)[:limit]):
        outcome = _deliver(pk)
        delivered += outcome is True
        failures += outcome is False
        if failures >= FAILURES_PER_PASS:
            break
    return delivered


def _deliver(pk: int) -> bool | None:
    """True when delivered, False when its handler failed, None when another relay has it."""
    with transaction.atomic():
        rows = OutboxMessage.objects.select_for_update(skip_locked=True)
        message = rows.filter(pk=pk, delivered_at=None).first()
        if message is None:
            return None
        error = _handled(message)
        OutboxMessage.objects.filter(pk=pk).update(
            attempts=Least(F("attempts") + 1, Value(MOST_ATTEMPTS_COUNTED)),
            delivered_at=None if error else Now(),
            error=error[:ERROR_CHARS],
        )
    return not error


def _handled(message: OutboxMessage) -> str:
    """The reason why a delivery failed, empty when it did not."""
    handler = _handlers.get(Topic(message.topic)) if message.topic in set(Topic) else None
    if handler is None:
        return f"no handler for topic {message.topic} in this process"
    try:
        with transaction.atomic():
            handler(message.payload)
    except Exception as error:  # whatever a handler meets, the relay goes on and says so
        logger.warning("outbox %s not delivered: %s", message.key, error)
        return f"{type(error).__name__}: {error}"
    return ""
