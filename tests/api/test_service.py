"""Programs of a shop keep its rota, switch who answers, and draw and score samples."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client

from servicescore.models import AgentShift, CourseExam, LiveSession, QualitySample
from stores.models import AuditEntry, Consultation, Shop, User
from tests.api.conftest import Program
from tests.conduct.test_judged_days import back
from tests.conftest import DAY_ZERO
from tests.factories import START, at

pytestmark = pytest.mark.django_db

PLUM = "/api/v1/shops/plum/"
MODE = f"{PLUM}service-mode/"
NOW = at(DAY_ZERO, "14:00")
SHIFT = {"agent": "阿宁", "weekdays": [1, 2], "opens": 9, "closes": 18}
MARKS = {"solved": 5, "tone": 4, "accuracy": 4, "conduct": 4}


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    """It is two o'clock in the afternoon of day zero."""
    with time_machine.travel(NOW, tick=False):
        yield


def post(client: Client, address: str, key: str = "k", **said: Any) -> HttpResponse:
    headers = {"Idempotency-Key": key}
    return client.post(address, said, content_type="application/json", headers=headers)


def test_shifts_are_added_once_listed_and_taken_out(
    program: Program, bob: User, shop: Shop
) -> None:
    client = program(bob)
    assert post(client, f"{PLUM}shifts/", "a", **SHIFT).json() == {"added": 2}
    assert post(client, f"{PLUM}shifts/", "b", **SHIFT).json() == {"added": 0}
    clash = post(client, f"{PLUM}shifts/", "c", **SHIFT | {"opens": 10})
    assert clash.status_code == 409
    assert "阿宁" in clash.json()["detail"]
    first, _second = client.get(f"{PLUM}shifts/").json()["results"]
    assert (first["weekday"], first["opens"], first["set_by"]) == (1, 9, "bob")
    assert client.delete(f"{PLUM}shifts/{first['id']}/").status_code == 204
    assert client.delete(f"{PLUM}shifts/{first['id']}/").status_code == 404
    assert AgentShift.objects.get().weekday == 2


def test_an_admin_says_why_in_the_body_or_in_the_address(
    program: Program, dora: User, shop: Shop
) -> None:
    client = program(dora)
    assert post(client, f"{PLUM}shifts/", **SHIFT).status_code == 400
    assert post(client, f"{PLUM}shifts/", **SHIFT, reason="店主来电").status_code == 201
    shift = AgentShift.objects.order_by("weekday")[0]
    silent = client.delete(f"{PLUM}shifts/{shift.pk}/")
    assert (silent.status_code, silent.json()["errors"][0]["in"]) == (400, "query")
    assert client.delete(f"{PLUM}shifts/{shift.pk}/?reason=换班").status_code == 204
    assert AuditEntry.objects.get(action="shift.drop").reason == "换班"


def test_live_sessions_are_planned_and_cancelled(program: Program, bob: User, shop: Shop) -> None:
    client = program(bob)
    hours = {"starts_at": "2024-03-02T20:00:00+08:00", "ends_at": "2024-03-02T23:00:00+08:00"}
    live = post(client, f"{PLUM}live-sessions/", "a", title="上新", **hours).json()
    assert live["starts_at"] == hours["starts_at"]
    over = post(client, f"{PLUM}live-sessions/", "b", title="上新", **hours | {
        "ends_at": hours["starts_at"],
    })  # fmt: skip
    assert over.status_code == 409
    ancient = hours | {"starts_at": "0001-01-01T00:00:00Z"}
    assert post(client, f"{PLUM}live-sessions/", "c", title="古", **ancient).status_code == 400
    assert client.delete(f"{PLUM}live-sessions/{live['id']}/").status_code == 204
    assert not LiveSession.objects.exists()


def test_exams_are_recorded_by_owners_and_read_by_everybody(
    program: Program, alice: User, bob: User, shop: Shop
) -> None:
    record, said = f"{PLUM}assessment/exams/record/", {"day": "2024-03-01", "outcome": "passed"}
    assert post(program(bob), record, **said).status_code == 403
    assert post(program(alice), record, "a", **said).json()["outcome"] == "passed"
    assert post(program(alice), record, "b", **said | {"day": "2024-03-02"}).status_code == 409
    (row,) = program(bob).get(f"{PLUM}assessment/exams/?outcome=passed").json()["results"]
    assert (row["day"], row["recorded_by"]) == ("2024-03-01", "alice")
    assert CourseExam.objects.count() == 1


def test_own_service_is_asked_for_examined_and_given_back(
    program: Program, alice: User, shop: Shop
) -> None:
    Shop.objects.update(service_mode="platform")
    client = program(alice)
    assert post(client, f"{MODE}own/", "a", signed=True).status_code == 409
    post(client, f"{PLUM}shifts/", "b", **SHIFT)
    waiting = post(client, f"{MODE}own/", "c", signed=True).json()["waiting"]
    exam = f"{MODE}own/{waiting['id']}/exam/"
    failed = post(client, exam, "d", outcome="failed").json()
    assert [one["outcome"] for one in failed["waiting"]["exams"]] == ["failed"]
    assert post(client, exam, "e", outcome="passed").json()["mode"] == "own"
    assert post(client, exam, "f", outcome="passed").status_code == 409
    charge = client.get(MODE).json()["charge_fen"]
    assert post(client, f"{MODE}platform/", "g", charge_fen=charge + 1).status_code == 409
    given = post(client, f"{MODE}platform/", "h", charge_fen=charge).json()
    assert (given["mode"], given["waiting"]) == ("platform", None)


def test_a_wish_can_be_withdrawn_and_ops_only_look(
    program: Program, alice: User, bob: User, shop: Shop
) -> None:
    Shop.objects.update(service_mode="platform")
    owner, ops = program(alice), program(bob)
    post(owner, f"{PLUM}shifts/", "a", **SHIFT)
    assert post(ops, f"{MODE}own/", "b", signed=True).status_code == 403
    waiting = post(owner, f"{MODE}own/", "c", signed=True).json()["waiting"]
    back_again = post(owner, f"{MODE}own/{waiting['id']}/withdraw/", "d").json()
    assert back_again["switches"][0]["state"] == "withdrawn"
    assert ops.get(MODE).json()["mode"] == "platform"
    assert post(owner, f"{MODE}own/4711/withdraw/", "e").status_code == 404


def test_samples_are_drawn_once_a_week_and_scored(program: Program, bob: User, shop: Shop) -> None:
    client = program(bob)
    assert post(client, f"{PLUM}samples/draw/", "a").status_code == 409
    Consultation.objects.create(
        shop=shop, external_id="c1", as_of=START, started_by="buyer", agent="阿宁",
        started_at=at(back(1), "12:00"), first_reply_seconds=20,
    )  # fmt: skip
    assert post(client, f"{PLUM}samples/draw/", "b").json() == {"drawn": 1}
    assert post(client, f"{PLUM}samples/draw/", "c").json() == {"drawn": 0}
    (row,) = client.get(f"{PLUM}samples/?is_scored=false").json()["results"]
    assert (row["consultation_id"], row["score"]) == ("c1", None)
    mark = f"{PLUM}samples/{row['id']}/mark/"
    missing = post(client, mark, "d", version=0, **MARKS | {"tone": 6})
    assert missing.json()["errors"][0]["name"] == "tone"
    scored = post(client, mark, "e", version=0, **MARKS, remark="耐心").json()
    assert (scored["score"], scored["version"], scored["scored_by"]) == (4.25, 1, "bob")
    assert post(client, mark, "f", version=0, **MARKS).status_code == 409
    assert QualitySample.objects.get().remark == "耐心"


def test_nothing_of_a_foreign_shop_can_be_reached(
    program: Program, alice: User, shop: Shop, other_shop: Shop
) -> None:
    shift = AgentShift.objects.create(
        shop=other_shop, agent="阿青", weekday=1, opens=9, closes=18, set_by="charlie"
    )
    client = program(alice)
    assert client.delete(f"{PLUM}shifts/{shift.pk}/").status_code == 404
    assert client.delete(f"/api/v1/shops/birch/shifts/{shift.pk}/").status_code == 404
    assert post(client, "/api/v1/shops/birch/shifts/", **SHIFT).status_code == 404
    assert AgentShift.objects.get() == shift
