"""Runs and the audit log, for admins."""

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from stores.models import AuditEntry, DelayReport, Run, Shard, Shop, State, User
from stores.services.audit import audit_record
from tests.api.conftest import Program
from tests.api.records import score
from tests.factories import fill


def post(client: Client, address: str, key: str = "k", **said: Any) -> HttpResponse:
    headers = {"Idempotency-Key": key}
    return client.post(address, said, content_type="application/json", headers=headers)


def test_a_run_tells_its_steps_and_failures(program: Program, dora: User, shop: Shop) -> None:
    run = score(shop)
    step = run.steps.get()
    Shard.objects.create(step=step, key="home", shops=[shop.pk], state=State.DONE)
    Shard.objects.create(
        step=step, key="toys", shops=[], state=State.FAILED, attempts=3, error="out of memory"
    )
    client = program(dora)
    (row,) = client.get("/api/v1/runs/").json()["results"]
    assert (row["id"], row["day"], row["state"]) == (str(run.pk), "2024-03-01", "done")
    detail = client.get(f"/api/v1/runs/{row['id']}/").json()
    assert detail["steps"][0]["shards"] == {"done": 1, "failed": 1}
    (failed,) = detail["failed"]
    assert (failed["key"], failed["error"]) == ("toys", "out of memory")


def test_runs_can_be_narrowed(program: Program, dora: User, shop: Shop) -> None:
    score(shop)
    client = program(dora)
    for query, found in (
        ("day=2024-03-01", 1), ("day=2024-03-02", 0), ("state=done", 1), ("state=failed", 0),
        ("trigger=nightly", 1), ("trigger=recompute", 0),
    ):  # fmt: skip
        assert len(client.get(f"/api/v1/runs/?{query}").json()["results"]) == found
    assert client.get("/api/v1/runs/?day=today").status_code == 400


def test_what_failed_is_tried_again_once(program: Program, dora: User, shop: Shop) -> None:
    run = score(shop)
    client, retry = program(dora), f"/api/v1/runs/{run.pk}/retry/"
    assert post(client, retry, "a").status_code == 409
    Run.objects.update(state=State.DONE_WITH_ERRORS)
    again = post(client, retry, "b")
    assert again.status_code == 201
    assert (again.json()["day"], again.json()["sequence"]) == ("2024-03-01", 2)
    assert post(client, retry, "b").json() == again.json()
    assert Run.objects.count() == 2


def test_a_failed_shard_of_an_open_run_gets_another_attempt(
    program: Program, dora: User, shop: Shop
) -> None:
    run = score(shop)
    Run.objects.update(state=State.RUNNING)
    run.steps.update(state=State.RUNNING)
    failed = Shard.objects.create(step=run.steps.get(), key="toys", shops=[], state=State.FAILED)
    client, retry = program(dora), f"/api/v1/shards/{failed.pk}/retry/"
    assert post(client, retry, "a").json()["steps"][0]["shards"] == {"pending": 1}
    assert post(client, retry, "c").status_code == 409
    assert post(client, "/api/v1/shards/4711/retry/", "d").status_code == 404


def test_a_delay_report_is_decided_by_admins(
    program: Program, alice: User, dora: User, shop: Shop
) -> None:
    fill(DelayReport, "x", shop=shop, external_id="d1", order_ref="o1", decision="")
    address = "/api/v1/delay-reports/decision/"
    said = {"shop": "plum", "id": "d1", "decision": "accepted", "reason": "暴雪"}
    assert post(program(alice), address, **said).status_code == 404
    assert post(program(dora), address, **said).json()["decision"] == "accepted"
    assert post(program(dora), address, "b", **said | {"id": "d2"}).status_code == 404
    assert AuditEntry.objects.get(action="delay_report.decide").reason == "暴雪"


def test_an_unknown_run_is_404(program: Program, dora: User) -> None:
    assert program(dora).get("/api/v1/runs/4711/").status_code == 404
    assert not Run.objects.exists()


def test_the_audit_log_can_be_read_and_narrowed(program: Program, dora: User, shop: Shop) -> None:
    client = program(dora)
    with transaction.atomic():
        audit_record(
            actor=dora, action="shop.rename", object_type="shop", object_id="plum", shop=shop,
            before={"name": "旧"}, after={"name": "新"}, reason="店主来电",
        )  # fmt: skip
    (row,) = client.get("/api/v1/audit/?shop=plum").json()["results"]
    assert (row["actor"], row["action"], row["shop"]) == ("dora", "shop.rename", "plum")
    assert (row["before"], row["after"]) == ({"name": "旧"}, {"name": "新"})
    assert client.get("/api/v1/audit/?shop=birch").json()["results"] == []
    assert len(client.get("/api/v1/audit/?actor=dora").json()["results"]) == 2
