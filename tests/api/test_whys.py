"""Over the API: why a score moved, what would move it, and how far it is from a total."""

import pytest

from servicescore.models import ScoreRevision
from stores.models import Shop, User
from tests.api.conftest import Program
from tests.api.records import score

DAY = "/api/v1/shops/plum/scores/2024-03-01/"
PLACES = ("change/", "what-if/", "gaps/", "forecast/", "rules/", "advice/", "check/")


@pytest.fixture
def scored(shop: Shop) -> ScoreRevision:
    """The score of day zero."""
    score(shop)
    return ScoreRevision.objects.get()


def test_without_a_move_the_total_is_the_one_of_the_night(
    program: Program, alice: User, scored: ScoreRevision
) -> None:
    body = program(alice).get(f"{DAY}what-if/").json()
    assert body["moved"] == {}
    assert body["total"] == body["total_before"] == scored.total
    assert body["metrics"]["dispute_rate"]["value"] == scored.metrics["dispute_rate"]["value"]


def test_a_better_figure_gives_a_better_total(
    program: Program, alice: User, scored: ScoreRevision
) -> None:
    body = program(alice).get(f"{DAY}what-if/?reply_3min_rate=0.99").json()
    assert body["moved"] == {"reply_3min_rate": 0.99}
    assert body["total"] > scored.total


def test_the_value_of_a_gap_reaches_the_bound(
    program: Program, alice: User, scored: ScoreRevision
) -> None:
    client, bound = program(alice), scored.total + 0.05
    body = client.get(f"{DAY}gaps/?bound={bound}").json()
    gap = body["gaps"][0]
    assert gap["value"] is not None
    reached = client.get(f"{DAY}what-if/?{gap['metric']}={gap['value']!r}").json()
    assert reached["total"] == pytest.approx(bound, abs=1e-6)


@pytest.mark.usefixtures("scored")
def test_days_to_come_have_a_band(program: Program, alice: User) -> None:
    body = program(alice).get(f"{DAY}forecast/?days=7").json()
    assert [one["target"] for one in body["outlook"]][::6] == ["2024-03-02", "2024-03-08"]
    assert all(one["low"] <= one["expected"] <= one["high"] for one in body["outlook"])


def test_other_rule_sets_say_what_they_would_change(
    program: Program, alice: User, scored: ScoreRevision
) -> None:
    body = program(alice).get(f"{DAY}rules/").json()
    assert body["total"] == scored.total
    known = {"service-score-2022", "shop-score", "experience-3d"}
    assert {one["rule_set"] for one in body["rules"]} == known - {body["applied"]}
    for one in body["rules"]:
        assert sum(one["why"].values()) == pytest.approx(one["total"] - scored.total)


@pytest.mark.usefixtures("scored")
def test_advice_is_ordered_by_its_gain(program: Program, alice: User) -> None:
    advice = program(alice).get(f"{DAY}advice/").json()["advice"]
    gains = [one["gain"] for one in advice]
    assert gains == sorted(gains, reverse=True)
    assert all(one["steps"] for one in advice)


@pytest.mark.usefixtures("scored")
def test_receipt_of_facts_that_are_gone_says_what_differs(program: Program, alice: User) -> None:
    body = program(alice).get(f"{DAY}check/").json()
    assert body["is_equal"] is False
    assert body["has_other_rules"] is False
    assert body["differences"]


@pytest.mark.usefixtures("scored")
def test_the_first_day_has_nothing_to_compare(program: Program, alice: User) -> None:
    body = program(alice).get(f"{DAY}change/").json()
    assert body["previous_total"] is None
    assert body["parts"] == {}
    assert body["story"] == ""


@pytest.mark.usefixtures("scored")
@pytest.mark.parametrize("place", PLACES)
def test_a_read_that_did_not_change_is_304(program: Program, alice: User, place: str) -> None:
    client = program(alice)
    first = client.get(DAY + place)
    assert first["Cache-Control"] == "private, no-cache"
    assert client.get(DAY + place, headers={"If-None-Match": first["ETag"]}).status_code == 304


@pytest.mark.usefixtures("scored")
@pytest.mark.parametrize("place", PLACES)
def test_a_day_without_score_is_404(program: Program, alice: User, place: str) -> None:
    assert program(alice).get(f"/api/v1/shops/plum/scores/2024-02-01/{place}").status_code == 404


@pytest.mark.usefixtures("scored")
@pytest.mark.parametrize(
    "query",
    ["what-if/?ship_on_time_rate=many", "what-if/?ship_on_time_rate=-1", "what-if/?weather=1",
     "gaps/?bound=nan", "gaps/?bound=9", "forecast/?days=0", "forecast/?days=4.5"],
)  # fmt: skip
def test_what_is_no_figure_is_refused(program: Program, alice: User, query: str) -> None:
    response = program(alice).get(DAY + query)
    assert response.status_code == 400
    assert response.json()["errors"]
