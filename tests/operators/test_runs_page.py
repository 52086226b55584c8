"""The runs page shows admins what was computed, what failed and why, and a late last night."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shopguard.last_night import last_night
from shopguard.lib.days import at_hour
from stores.models import Run, Shard, Shop, State, User
from tests.conftest import DAY_ZERO
from tests.operators.conftest import make_run
from tests.pages.reading import rows_of_table, text_of

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]
RUNS = "/admin-desk/runs/"
MORNING = at_hour(DAY_ZERO, 9)


def test_the_desk_opens_with_the_runs(signed_in: SignedIn, dora: User) -> None:
    assert signed_in(dora).get("/admin-desk/", follow=True).request["PATH_INFO"] == RUNS


@pytest.mark.parametrize("who", ["alice", "bob"])
def test_the_desk_does_not_exist_for_others(
    signed_in: SignedIn, request: pytest.FixtureRequest, broken_run: Run, who: str
) -> None:
    person = signed_in(request.getfixturevalue(who))
    for path in ("/admin-desk/", RUNS, reverse("desk:run", args=[broken_run.pk])):
        assert person.get(path).status_code == 404


def test_runs_are_listed_newest_first_with_their_shards(signed_in: SignedIn, dora: User) -> None:
    make_run()
    make_run(state=State.DONE_WITH_ERRORS, sequence=2, failed=1)
    html = signed_in(dora).get(RUNS).text
    rows = rows_of_table(html, "run-table")
    assert [row[0] for row in rows] == ["2024-03-01 第 2 次", "2024-03-01 第 1 次"]
    assert "完成但有错" in rows[0][1]
    assert "5 / 6" in rows[0][2]
    assert "1 个失败" in rows[0][2]
    assert "6 / 6" in rows[1][2]


def test_more_runs_cost_no_more_queries(signed_in: SignedIn, dora: User) -> None:
    client = signed_in(dora)
    make_run()
    with CaptureQueriesContext(connection) as few:
        client.get(RUNS)
    for sequence in range(2, 8):
        make_run(sequence=sequence)
    with CaptureQueriesContext(connection) as many:
        client.get(RUNS)
    assert len(many) == len(few) <= 12


def test_pages_of_runs_are_linked(signed_in: SignedIn, dora: User) -> None:
    for sequence in range(1, 33):
        make_run(sequence=sequence)
    html = signed_in(dora).get(RUNS).text
    assert "第 1–30 条，共 32 条" in text_of(html)
    second = signed_in(dora).get(f"{RUNS}?page=2").text
    assert len(rows_of_table(second, "run-table")) == 2


def test_a_run_shows_its_steps_and_why_a_shard_failed(
    signed_in: SignedIn, dora: User, broken_run: Run
) -> None:
    html = signed_in(dora).get(reverse("desk:run", args=[broken_run.pk])).text
    steps = rows_of_table(html, "step-table")
    assert [row[0] for row in steps] == ["1. 每日统计", "2. 计算服务分"]
    shards = rows_of_table(html, "shard-table")
    assert shards[0][1] == "失败"
    assert "ValueError: no rate" in shards[0][5]
    assert "1 个分片失败" in text_of(html)


def test_an_unknown_run_does_not_exist(signed_in: SignedIn, dora: User) -> None:
    assert signed_in(dora).get(reverse("desk:run", args=[404])).status_code == 404


def test_a_run_under_way_asks_again_by_itself_and_by_a_link(
    signed_in: SignedIn, dora: User, open_run: Run, broken_run_of_before: Run
) -> None:
    page = reverse("desk:run", args=[open_run.pk])
    html = signed_in(dora).get(page).text
    assert 'hx-trigger="every 2s"' in html
    assert "刷新" in html
    ended = signed_in(dora).get(reverse("desk:run", args=[broken_run_of_before.pk])).text
    assert "hx-trigger" not in ended


@pytest.fixture
def broken_run_of_before(db: None) -> Run:
    return make_run(day=DAY_ZERO - timedelta(days=1), state=State.DONE_WITH_ERRORS, failed=1)


def test_markup_in_a_reason_is_text(signed_in: SignedIn, dora: User, broken_run: Run) -> None:
    Shard.objects.filter(state=State.FAILED).update(error="<script>alert(1)</script>")
    html = signed_in(dora).get(reverse("desk:run", args=[broken_run.pk])).text
    assert "<script>alert" not in html


class TestLastNight:
    """What the page says first."""

    @pytest.fixture(autouse=True)
    def a_shop_of_long_ago(self, shop: Shop) -> None:
        Shop.objects.update(created_at=MORNING - timedelta(days=30))

    def standing(self, minutes_after_due: float) -> str:
        due = at_hour(DAY_ZERO, 0) + timedelta(minutes=30)
        return last_night(now=due + timedelta(minutes=minutes_after_due)).standing

    def test_a_night_without_a_run_waits_and_is_late_after_an_hour(self) -> None:
        assert self.standing(5) == "waiting"
        assert self.standing(61) == "late"

    def test_a_night_under_way_is_late_after_an_hour(self) -> None:
        make_run(state=State.RUNNING)
        assert self.standing(5) == "running"
        assert self.standing(61) == "late"

    def test_a_night_that_ended_is_never_late(self) -> None:
        make_run()
        assert self.standing(600) == "done"

    def test_a_night_with_a_failed_shard_says_so(self) -> None:
        make_run(state=State.DONE_WITH_ERRORS, failed=1)
        assert self.standing(600) == "errors"

    def test_a_late_night_is_amber_on_the_page(self, signed_in: SignedIn, dora: User) -> None:
        client = signed_in(dora)
        with time_machine.travel(MORNING, tick=False):
            html = client.get(RUNS).text
        assert "晚了" in text_of(html)
        assert "note-watch" in html


def test_without_shops_no_night_was_due(db: None) -> None:
    assert last_night(now=MORNING).standing == "none"
