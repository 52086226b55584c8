"""A program reads what its person was told and chooses for them how they are told."""

import pytest

from stores.models import ChannelChoice, User
from stores.services.notices import notices_deliver
from tests.api.conftest import Program

pytestmark = pytest.mark.django_db

CHANNELS = "/api/v1/me/channels/"


def test_a_program_reads_and_changes_the_same(program: Program, alice: User) -> None:
    client = program(alice)
    choices = client.get(CHANNELS).json()["choices"]
    (gate,) = (row for row in choices if row["kind"] == "score_gate")
    answer = client.patch(CHANNELS, {"choices": [gate | {"email": "off"}]}, "application/json")
    assert answer.status_code == 200, answer.text
    assert ChannelChoice.objects.get(kind="score_gate", channel="email").level == "off"
    unknown = client.patch(CHANNELS, {"choices": [gate | {"kind": "weather"}]}, "application/json")
    assert unknown.status_code == 400


def test_a_program_lists_what_its_person_was_told(
    program: Program, alice: User, dora: User
) -> None:
    notices_deliver(kind="channel_trial", key="1", payload={"user": alice.pk})
    notices_deliver(kind="channel_trial", key="2", payload={"user": dora.pk})
    (row,) = program(alice).get("/api/v1/me/notifications/").json()["results"]
    assert row["title"] == "这是一条试发的通知"
