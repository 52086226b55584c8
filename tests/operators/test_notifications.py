"""People are told in the product what concerns them, once, in their language."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from servicescore.models import ScoreRevision
from shopguard import nightly, tasks
from shopguard.lib.days import at_hour
from stores.models import (
    ImportBatch,
    Membership,
    Notification,
    OutboxMessage,
    Run,
    Shop,
    User,
)
from stores.notices import words_of
from stores.services.notices import notice_put, notices_deliver
from stores.services.outbox import Topic, outbox_put, outbox_relay
from tests.conftest import DAY_ZERO
from tests.factories import fill, make_user
from tests.operators.conftest import make_run
from tests.pages.reading import text_of

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]
PAGE = "/notifications/"


def told(user: User, **given: Any) -> Notification:
    number = Notification.objects.count()
    payload = {"run": 1, "day": "2024-03-01", "failed": 2, "shops": 3}
    defaults = {"kind": "run_errors", "severity": "urgent", "payload": payload, "key": f"k{number}"}
    return Notification.objects.create(user=user, **(defaults | given))


def titles(client: Client, query: str = "") -> list[str]:
    html = client.get(f"{PAGE}?{query}").text
    return [text_of(part.partition("</h3>")[0]) for part in html.split("<h3>")[1:]]


class TestTheBell:
    """The count in the header."""

    def test_it_counts_what_is_unread(self, signed_in: SignedIn, alice: User) -> None:
        told(alice)
        told(alice)
        html = signed_in(alice).get("/account/password/").text
        assert "通知，2 条未读" in html
        assert 'class="bell-count"' in html

    def test_it_is_quiet_when_everything_is_read(self, signed_in: SignedIn, alice: User) -> None:
        html = signed_in(alice).get("/account/password/").text
        assert 'class="bell-count"' not in html
        assert 'aria-label="通知"' in html

    def test_it_asks_once(self, signed_in: SignedIn, alice: User) -> None:
        told(alice)
        with CaptureQueriesContext(connection) as asked:
            signed_in(alice).get("/account/password/")
        about = [query["sql"] for query in asked if "stores_notification" in query["sql"]]
        assert len(about) == 1

    def test_pages_without_the_frame_do_not_ask(self, client: Client, db: None) -> None:
        with CaptureQueriesContext(connection) as asked:
            client.get("/sign-in/")
        assert not any("stores_notification" in query["sql"] for query in asked)

    def test_it_stops_counting_at_a_hundred(self, signed_in: SignedIn, alice: User) -> None:
        for _ in range(105):
            told(alice)
        assert "99+" in signed_in(alice).get("/account/password/").text


class TestThePage:
    """/notifications/ and marking as read, by plain forms."""

    def test_newest_first_in_the_words_of_the_kind(self, signed_in: SignedIn, dora: User) -> None:
        told(dora)
        assert titles(signed_in(dora)) == ["2024-03-01 的运行有 2 个分片失败"]

    def test_nobody_sees_what_others_were_told(
        self, signed_in: SignedIn, alice: User, dora: User
    ) -> None:
        told(dora)
        assert titles(signed_in(alice)) == ["还没有通知"]

    def test_one_is_marked_as_read(self, signed_in: SignedIn, alice: User) -> None:
        first, second = told(alice), told(alice)
        client = signed_in(alice)
        answer = client.post(f"{PAGE}read/", {"id": first.pk, "next": f"{PAGE}?show=unread"})
        assert answer["Location"] == f"{PAGE}?show=unread"
        first.refresh_from_db()
        second.refresh_from_db()
        assert first.read_at
        assert not second.read_at
        assert len(titles(client, "show=unread")) == 1

    def test_all_are_marked_as_read(self, signed_in: SignedIn, alice: User) -> None:
        told(alice)
        told(alice)
        client = signed_in(alice)
        client.post(f"{PAGE}read/")
        assert titles(client, "show=unread") == ["没有未读的通知"]

    def test_the_notification_of_somebody_else_stays_unread(
        self, signed_in: SignedIn, alice: User, dora: User
    ) -> None:
        theirs = told(dora)
        signed_in(alice).post(f"{PAGE}read/", {"id": theirs.pk})
        theirs.refresh_from_db()
        assert theirs.read_at is None

    def test_reading_twice_keeps_when_it_was_read(self, signed_in: SignedIn, alice: User) -> None:
        one = told(alice)
        client = signed_in(alice)
        client.post(f"{PAGE}read/", {"id": one.pk})
        one.refresh_from_db()
        client.post(f"{PAGE}read/", {"id": one.pk})
        again = Notification.objects.get()
        assert again.read_at == one.read_at

    def test_a_shop_one_may_no_longer_enter_is_gone(
        self, signed_in: SignedIn, bob: User, shop: Shop
    ) -> None:
        told(bob, shop=shop)
        Membership.objects.filter(user=bob).delete()
        assert titles(signed_in(bob)) == ["还没有通知"]

    def test_a_kind_the_code_no_longer_has_is_shown_by_its_name(
        self, signed_in: SignedIn, alice: User
    ) -> None:
        told(alice, kind="weather")
        assert titles(signed_in(alice)) == ["weather"]

    def test_more_notifications_cost_no_more_queries(
        self, signed_in: SignedIn, alice: User, shop: Shop
    ) -> None:
        client = signed_in(alice)
        told(alice, shop=shop)
        with CaptureQueriesContext(connection) as few:
            client.get(PAGE)
        for _ in range(20):
            told(alice, shop=shop)
        with CaptureQueriesContext(connection) as many:
            client.get(PAGE)
        assert len(many) == len(few)


class TestRunErrors:
    """A run that ended with errors is told to admins."""

    def end(self, run: Run) -> None:
        outbox_put(key=f"run-finished:{run.pk}", topic=Topic.RUN_FINISHED, payload={"run": run.pk})
        outbox_relay()

    def test_every_active_admin_hears_of_it_and_nobody_else(
        self, broken_run: Run, dora: User, alice: User
    ) -> None:
        make_user("gone", is_staff=True, is_active=False)
        self.end(broken_run)
        assert [row.user for row in Notification.objects.all()] == [dora]

    def test_a_run_without_errors_is_no_news(self, dora: User) -> None:
        self.end(make_run())
        assert Notification.objects.count() == 0

    def test_a_doubled_delivery_tells_nobody_twice(self, broken_run: Run, dora: User) -> None:
        self.end(broken_run)
        OutboxMessage.objects.update(delivered_at=None)
        assert outbox_relay() == 1
        tasks.tell_end({"run": broken_run.pk})
        assert Notification.objects.count() == 1

    def test_it_leads_to_the_run_in_both_languages(self, broken_run: Run, dora: User) -> None:
        self.end(broken_run)
        row = Notification.objects.get()
        words = words_of(row)
        assert words.url == reverse("desk:run", args=[broken_run.pk])
        assert "1 个分片失败" in words.title
        with translation.override("en"):
            assert words_of(row).title == "The run of 2024-03-01 has 1 failed shard"


class TestScoreGates:
    """Owners hear of a gate crossed when the score is published, not before."""

    NOON = at_hour(DAY_ZERO, 12)

    @pytest.fixture
    def scored(self, shop: Shop, alice: User, bob: User) -> Callable[[date, float | None], Run]:
        """Gives the shop a total on a date, by an ended nightly run."""

        def score(day: date, total: float | None) -> Run:
            run = make_run(day=day)
            fill(
                ScoreRevision, "x", shop=shop, date=day, rule_set=run.rule_set, revision=1,
                run=run, total=total, industry="apparel", state="scored",
            )  # fmt: skip
            return run

        return score

    def night(self, scored: Callable[[date, float | None], Run], before: float, now: float) -> None:
        scored(DAY_ZERO - timedelta(days=1), before)
        scored(DAY_ZERO, now)

    def tell(self) -> list[Notification]:
        nightly.publication_tell(now=self.NOON)
        outbox_relay()
        return list(Notification.objects.all())

    def test_a_fall_below_a_gate_is_urgent_for_the_owner(
        self, scored: Any, alice: User, shop: Shop
    ) -> None:
        self.night(scored, 4.62, 4.58)
        (row,) = self.tell()
        assert (row.user, row.shop, row.severity) == (alice, shop, "urgent")
        words = words_of(row)
        assert "跌破" in words.title
        assert "4.60" in words.title
        assert "4.58" in words.body
        assert words.url == reverse("servicescore:score", args=["plum"])

    def test_a_gate_reached_is_good_news(self, scored: Any) -> None:
        self.night(scored, 4.58, 4.62)
        (row,) = self.tell()
        assert row.severity == "good"
        assert "升过" in words_of(row).title

    @pytest.mark.parametrize(("before", "now"), [(4.62, 4.61), (4.6, 4.6), (None, 4.7)])
    def test_no_gate_no_news(self, scored: Any, before: float, now: float) -> None:
        self.night(scored, before, now)
        assert self.tell() == []

    def test_before_noon_nobody_is_told(self, scored: Any) -> None:
        self.night(scored, 4.62, 4.58)
        nightly.publication_tell(now=self.NOON - timedelta(seconds=1))
        outbox_relay()
        assert Notification.objects.count() == 0

    def test_every_sweep_after_noon_tells_once(self, scored: Any) -> None:
        self.night(scored, 4.62, 4.58)
        assert len(self.tell()) == 1
        assert len(self.tell()) == 1
        assert OutboxMessage.objects.filter(topic=Topic.NOTICE).count() == 1


class TestImports:
    """Who uploaded a file hears how it ended."""

    def end(self, shop: Shop, user: User | None, **given: Any) -> list[Notification]:
        batch = fill(
            ImportBatch, "x", shop=shop, user=user, file_name="orders.csv", **given
        )  # fmt: skip
        for _ in range(2):
            notice_put(kind="import_finished", key=str(batch.pk), payload={"batch": batch.pk})
            outbox_relay()
        return list(Notification.objects.all())

    def test_a_clean_import_is_good_news(self, shop: Shop, alice: User) -> None:
        (row,) = self.end(shop, alice, status="applied", new=5, changed=1, unchanged=0, rejected=0)
        assert (row.user, row.shop, row.severity) == (alice, shop, "good")
        assert words_of(row).title == "orders.csv 导入完成，收下 6 行"
        assert words_of(row).body == ""

    def test_rejected_rows_are_to_be_looked_at(self, shop: Shop, alice: User) -> None:
        (row,) = self.end(shop, alice, status="applied", rejected=2)
        assert row.severity == "watch"
        assert "2 行没有收下" in words_of(row).body

    def test_a_refused_file_says_why(self, shop: Shop, alice: User) -> None:
        (row,) = self.end(shop, alice, status="refused", reason="没有表头")
        assert (words_of(row).title, words_of(row).body) == ("orders.csv 没有导入", "没有表头")

    def test_an_import_from_the_command_line_tells_nobody(self, shop: Shop) -> None:
        assert self.end(shop, None, status="applied") == []


def test_an_unknown_kind_is_refused_before_it_is_put() -> None:
    with pytest.raises(KeyError):
        notice_put(kind="weather", key="1", payload={})
    with pytest.raises(KeyError):
        notices_deliver(kind="weather", key="1", payload={})
    assert OutboxMessage.objects.count() == 0
