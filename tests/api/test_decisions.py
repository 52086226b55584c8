"""Programs of admins decide about violations and appeals of any shop, all or none, once."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client

from stores.models import Appeal, AuditEntry, Shop, User, Violation
from stores.services.cases import appeal_file
from tests.api.conftest import Program
from tests.conduct.violations import violation
from tests.imports.files import shanghai

LOG = "/api/v1/penalties/"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """It is ten o'clock on 5 March 2024 in Shanghai."""
    with time_machine.travel(shanghai("2024-03-05 10:00"), tick=False) as traveller:
        yield traveller


@pytest.fixture
def case(shop: Shop) -> Violation:
    """A case that was told today."""
    return violation(shop, id="v1", state="pending", notified="2024-03-05 09:00")


def post(client: Client, address: str, key: str = "k", **said: Any) -> HttpResponse:
    headers = {"Idempotency-Key": key}
    return client.post(address, said, content_type="application/json", headers=headers)


def test_the_log_lists_every_shop_and_can_be_narrowed(
    program: Program, dora: User, case: Violation, other_shop: Shop
) -> None:
    violation(other_shop, id="v2", state="pending", notified="2024-03-04 09:00")
    client = program(dora)
    shops = [row["shop"] for row in client.get(LOG).json()["results"]]
    assert sorted(shops) == sorted([case.shop.external_id, other_shop.external_id])
    (row,) = client.get(f"{LOG}?shop={case.shop.external_id}").json()["results"]
    assert (row["case"], row["id"], row["version"]) == (str(case.pk), "v1", 0)


def test_a_decision_sent_twice_happens_once_and_can_be_undone(
    program: Program, dora: User, case: Violation
) -> None:
    client = program(dora)
    said = {"cases": [str(case.pk)], "move": "execute", "reason": "记录清楚"}
    first, again = post(client, f"{LOG}decide/", **said), post(client, f"{LOG}decide/", **said)
    assert (first.json(), again.json()) == ({"decided": 1}, {"decided": 1})
    assert AuditEntry.objects.filter(action="violation.execute").count() == 1
    (row,) = client.get(LOG).json()["results"]
    undo = f"{LOG}{case.pk}/undo/"
    assert post(client, undo, "a", version=0, reason="点错").status_code == 409
    undone = post(client, undo, "b", version=row["version"], reason="点错").json()
    assert (undone["state"], undone["version"]) == ("pending", 2)


def test_several_are_decided_all_or_none(
    program: Program, dora: User, shop: Shop, case: Violation
) -> None:
    done = violation(shop, id="v2", executed="2024-03-04 10:00")
    client = program(dora)
    both = {"cases": [str(case.pk), str(done.pk)], "move": "execute", "reason": "一起"}
    assert post(client, f"{LOG}decide/", **both).status_code == 409
    lost = {"cases": [str(case.pk), "999999999"], "move": "execute", "reason": "一起"}
    assert post(client, f"{LOG}decide/", **lost).status_code == 404
    case.refresh_from_db()
    assert case.state == "pending"


def test_a_case_is_registered_weighed_and_told_to_the_shop(
    program: Program, dora: User, shop: Shop
) -> None:
    client = program(dora)
    said = {
        "shop": "plum", "clause": "5", "occurred_at": "2024-03-04T09:00:00+08:00",
        "note": "客服在电话里辱骂买家",
    }  # fmt: skip
    made = post(client, LOG, **said).json()
    assert (made["shop"], made["state"], made["version"]) == ("plum", "pending", 1)
    assert post(client, LOG, **said).json() == made
    assert Violation.objects.count() == 1
    weigh = f"{LOG}{made['case']}/weigh/"
    weighed = post(client, weigh, "w", kind="severe", points=25, reason="录音清楚").json()
    assert (weighed["kind"], weighed["points"], weighed["version"]) == ("severe", 25, 2)


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"shop": "nowhere"}, 400),
        ({"clause": "99"}, 409),
        ({"occurred_at": "2024-03-06T09:00:00+08:00"}, 409),
        ({"occurred_at": "0001-01-01T00:00:00Z"}, 400),
        ({"note": ""}, 400),
    ],
)
def test_what_cannot_be_registered_is_refused(
    program: Program, dora: User, shop: Shop, wrong: dict[str, str], status: int
) -> None:
    said = {
        "shop": "plum", "clause": "1", "occurred_at": "2024-03-04T09:00:00+08:00", "note": "x",
    }  # fmt: skip
    assert post(program(dora), LOG, **said | wrong).status_code == status
    assert not Violation.objects.exists()


def test_a_clause_with_points_of_its_own_is_not_weighed(
    program: Program, dora: User, case: Violation
) -> None:
    said = {"kind": "severe", "points": 25, "reason": "重"}
    assert post(program(dora), f"{LOG}{case.pk}/weigh/", **said).status_code == 409


def test_an_appeal_is_decided_once(
    program: Program, alice: User, dora: User, case: Violation
) -> None:
    appeal = appeal_file(actor=alice, case=case, statement="不是这家店")
    client, address = program(dora), f"/api/v1/appeals/{appeal.pk}/decision/"
    assert post(client, address, "a", move="uphold", reason="核对过").json()["state"] == "upheld"
    assert post(client, address, "b", move="refuse", reason="核对过").status_code == 409
    case.refresh_from_db()
    assert case.state == "revoked"


def test_for_everybody_else_none_of_it_exists(
    program: Program, alice: User, bob: User, case: Violation
) -> None:
    appeal = appeal_file(actor=alice, case=case, statement="不是这家店")
    for user in (alice, bob):
        client = program(user)
        assert client.get(LOG).status_code == 404
        for address in (
            f"{LOG}decide/", f"{LOG}{case.pk}/undo/", f"/api/v1/appeals/{appeal.pk}/decision/",
        ):  # fmt: skip
            assert post(client, address).status_code == 404
    assert Appeal.objects.get().state == "open"
