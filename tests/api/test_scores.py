"""Scores: who sees what when, the receipt, and reads that cost nothing when nothing changed."""

from datetime import datetime, timedelta

import pytest
import time_machine

from servicescore.models import ScoreRevision
from stores.models import Shop, User
from tests.api.conftest import Program
from tests.api.records import score
from tests.conftest import NOON_ZERO

SCORES = "/api/v1/shops/plum/scores/"
RECEIPT = SCORES + "2024-03-01/"
BEFORE_NOON = NOON_ZERO - timedelta(minutes=1)


@pytest.fixture
def scored(shop: Shop) -> ScoreRevision:
    """The score of day zero."""
    score(shop)
    return ScoreRevision.objects.get()


@pytest.mark.usefixtures("scored")
def test_the_history_has_a_row_per_date(program: Program, alice: User) -> None:
    (row,) = program(alice).get(SCORES).json()["results"]
    assert (row["shop"], row["date"], row["revision"]) == ("plum", "2024-03-01", 1)
    assert set(row["dimensions"]) == {"product", "logistics", "aftersales", "consult", "dispute"}
    assert row["pending"] is False


def test_the_receipt_is_what_was_computed(
    program: Program, alice: User, scored: ScoreRevision
) -> None:
    receipt = program(alice).get(RECEIPT).json()
    assert receipt["total"] == scored.total
    assert receipt["rule_hash"] == scored.rule_hash
    assert [revision["revision"] for revision in receipt["revisions"]] == [1]
    metrics = {m["id"]: m for d in receipt["dimensions"] for m in d["metrics"]}
    for name, stored in scored.metrics.items():
        assert metrics[name]["value"] == stored["value"]
        assert metrics[name]["num"] == stored["num"]
        assert metrics[name]["excluded"] == stored["excl"]


@pytest.mark.parametrize(
    ("who", "now", "status"),
    [
        ("alice", BEFORE_NOON, 404),
        ("alice", NOON_ZERO, 200),
        ("bob", BEFORE_NOON, 200),
        ("dora", BEFORE_NOON, 200),
    ],
)
@pytest.mark.usefixtures("scored")
def test_before_noon_only_staff_see_the_score_of_the_day(
    request: pytest.FixtureRequest, program: Program, who: str, now: datetime, status: int
) -> None:
    with time_machine.travel(now, tick=False):
        client = program(request.getfixturevalue(who))
        assert client.get(RECEIPT).status_code == status
        assert client.get(RECEIPT + "change/").status_code == status
        history = client.get(SCORES).json()["results"]
        newest = client.get("/api/v1/shops/plum/").json()["score"]
        (listed,) = client.get("/api/v1/shops/").json()["results"]
        scored = client.get("/api/v1/shops/?state=scored").json()["results"]
    is_seen = status == 200
    assert len(history) == len(scored) == is_seen
    assert (newest is not None) == (listed["score"] is not None) == is_seen
    if is_seen:
        assert history[0]["pending"] == newest["pending"] == (now == BEFORE_NOON)


@pytest.mark.usefixtures("scored")
@pytest.mark.parametrize(
    "path", [SCORES, RECEIPT, "/api/v1/shops/plum/", "/api/v1/shops/plum/metrics/"]
)
def test_a_read_that_did_not_change_is_304(program: Program, alice: User, path: str) -> None:
    client = program(alice)
    first = client.get(path)
    assert first["Cache-Control"] == "private, no-cache"
    again = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert again["ETag"] == first["ETag"]
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_restated_score_has_another_etag(
    program: Program, alice: User, scored: ScoreRevision
) -> None:
    client = program(alice)
    first = client.get(RECEIPT)
    scored.pk, scored.revision, scored.total = None, 2, 3.5
    scored.save(force_insert=True)
    again = client.get(RECEIPT, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 200
    assert again.json()["total"] == 3.5
    assert [revision["revision"] for revision in again.json()["revisions"]] == [2, 1]
    assert len(client.get(SCORES).json()["results"]) == 1


def test_what_is_not_a_score_read_is_kept_nowhere(program: Program, alice: User) -> None:
    response = program(alice).get("/api/v1/shops/plum/orders/")
    assert "ETag" not in response
    assert "no-store" in response["Cache-Control"]


@pytest.mark.usefixtures("scored")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("date_from=2024-03-01", 1),
        ("date_from=2024-03-02", 0),
        ("date_to=2024-03-01", 1),
        ("date_to=2024-02-29", 0),
        ("state=scored", 1),
        ("state=too_few_orders", 0),
    ],
)
def test_the_history_can_be_narrowed(program: Program, alice: User, query: str, found: int) -> None:
    assert len(program(alice).get(f"{SCORES}?{query}").json()["results"]) == found


@pytest.mark.parametrize("day", ["2024-02-30", "2024-3-1", "0000-01-01", "20240301", "9999-12-31"])
def test_a_day_without_score_is_404(program: Program, alice: User, day: str) -> None:
    assert program(alice).get(f"{SCORES}{day}/").status_code == 404


def test_metrics_say_what_they_mean(program: Program, alice: User, shop: Shop) -> None:
    body = program(alice).get("/api/v1/shops/plum/metrics/").json()
    metric = next(m for m in body["metrics"] if m["id"] == "ship_on_time_rate")
    assert (metric["label"], metric["unit"], metric["better"]) == ("发货及时率", "fraction", "high")
    assert metric["minimum"] > 0
    assert metric["source"]
    alice.language = "en"
    alice.save()
    body = program(alice).get("/api/v1/shops/plum/metrics/").json()
    metric = next(m for m in body["metrics"] if m["id"] == "ship_on_time_rate")
    assert metric["label"] == "Shipped on time"
