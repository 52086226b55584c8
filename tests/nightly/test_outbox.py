"""The outbox: a message is written once and told until somebody has heard it."""

from collections.abc import Mapping
from typing import Any

import pytest

from shopguard import tasks
from stores.models import OutboxMessage
from stores.services import outbox
from stores.services.outbox import Topic, handles, outbox_put, outbox_relay, topics_handled

pytestmark = pytest.mark.django_db


class Ear:
    """A handler that hears, or fails as long as it is told to."""

    def __init__(self) -> None:
        self.heard: list[Mapping[str, Any]] = []
        self.deaf = False

    def __call__(self, payload: Mapping[str, Any]) -> None:
        if self.deaf:
            raise ConnectionError("the broker is away")
        self.heard.append(payload)


@pytest.fixture
def ear(monkeypatch: pytest.MonkeyPatch) -> Ear:
    """The only handler there is, for the ends of runs."""
    ear = Ear()
    monkeypatch.setattr(outbox, "_handlers", {Topic.RUN_FINISHED: ear})
    return ear


def put(key: str, **payload: int) -> None:
    outbox_put(key=key, topic=Topic.RUN_FINISHED, payload=payload)


def test_a_message_is_delivered_once(ear: Ear) -> None:
    put("one", run=1)
    assert outbox_relay() == 1
    assert outbox_relay() == 0
    assert ear.heard == [{"run": 1}]


def test_a_key_stands_once_and_keeps_what_was_said_first(ear: Ear) -> None:
    put("one", run=1)
    put("one", run=2)
    outbox_relay()
    assert ear.heard == [{"run": 1}]


def test_a_failed_delivery_is_written_down_and_tried_again(ear: Ear) -> None:
    ear.deaf = True
    put("one", run=1)
    assert outbox_relay() == 0
    message = OutboxMessage.objects.get()
    assert (message.attempts, message.delivered_at) == (1, None)
    assert message.error == "ConnectionError: the broker is away"
    ear.deaf = False
    assert outbox_relay() == 1
    message.refresh_from_db()
    assert (message.attempts, message.error) == (2, "")


def test_a_pass_ends_after_three_failures(ear: Ear) -> None:
    ear.deaf = True
    for number in range(5):
        put(f"m{number}")
    outbox_relay()
    assert OutboxMessage.objects.filter(attempts=1).count() == 3


def test_a_message_that_fails_does_not_keep_the_others_waiting(ear: Ear) -> None:
    outbox_put(key="nobody", topic=Topic.SHARDS_RING, payload={})
    put("one", run=1)
    assert outbox_relay() == 1
    assert "no handler" in OutboxMessage.objects.get(key="nobody").error


def test_every_topic_has_exactly_one_handler() -> None:
    assert topics_handled() == set(Topic)
    with pytest.raises(ValueError, match="already has a handler"):
        handles(Topic.RUN_FINISHED)(tasks.tell_end)
