"""Programs read how a shop's own customer service is assessed."""

from collections.abc import Iterator

import pytest
import time_machine

from stores.models import Shop, User
from tests.api.conftest import Program
from tests.conduct.test_judged_days import ask, back, recompute
from tests.conftest import DAY_ZERO
from tests.factories import at

pytestmark = pytest.mark.django_db
ASSESSMENT = "/api/v1/shops/plum/assessment/"


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    """It is two o'clock in the afternoon of day zero."""
    with time_machine.travel(at(DAY_ZERO, "14:00"), tick=False):
        yield


@pytest.fixture
def failing(shop: Shop) -> Shop:
    """Two days of ten consultations, six of them late."""
    for days in (2, 1):
        ask(shop, back(days), good=2, late=3, rating=5)
    recompute(DAY_ZERO)
    return shop


def test_the_newest_judgement_and_the_penalty_are_read(
    program: Program, bob: User, failing: Shop
) -> None:
    told = program(bob).get(ASSESSMENT).json()
    reply, low = told["indicators"]
    assert (reply["value"], reply["n"], reply["level"], reply["state"]) == (
        0.4, 10, "course", "penalty_started",
    )  # fmt: skip
    assert (low["indicator"], low["window_from"]) == ("dissatisfaction", "2024-02-01")
    assert told["running"] == {"first": "2024-03-01", "last": "2024-03-03", "limited_from": None}
    assert told["blacklist"] == {"count": 0, "limit": 3, "is_suspended": False}


def test_judged_days_and_punishments_are_listed_and_narrowed(
    program: Program, bob: User, failing: Shop
) -> None:
    client = program(bob)
    days = client.get(ASSESSMENT + "days/?indicator=reply_3min&day_from=2024-03-01").json()
    assert [(row["day"], row["level"]) for row in days["results"]] == [("2024-03-01", "course")]
    (row,) = client.get(ASSESSMENT + "penalties/").json()["results"]
    assert row == {
        "shop": "plum", "indicator": "reply_3min", "level": "course",
        "found_on": "2024-03-01", "month": "2024-03-01",
    }  # fmt: skip
    assert client.get(ASSESSMENT + "penalties/?level=limit").json()["results"] == []


def test_agents_are_told_with_what_their_hours_give(
    program: Program, bob: User, failing: Shop
) -> None:
    (agent,) = program(bob).get(ASSESSMENT + "agents/").json()["agents"]
    assert (agent["asked"], agent["late"], agent["rate"]) == (10, 6, 0.4)
    assert agent["due_rate"] == pytest.approx(0.4)
    assert (agent["rated"], agent["low"]) == (10, 0)


def test_a_shop_the_platform_answers_for_has_nothing_judged(
    program: Program, bob: User, shop: Shop
) -> None:
    Shop.objects.update(service_mode="platform")
    told = program(bob).get(ASSESSMENT).json()
    assert (told["service_mode"], told["indicators"], told["running"]) == ("platform", [], None)


def test_the_assessment_of_others_does_not_exist(
    program: Program, charlie: User, shop: Shop
) -> None:
    for part in ("", "days/", "penalties/", "agents/"):
        assert program(charlie).get(ASSESSMENT + part).status_code == 404
