"""The navigation says how much work is due behind a page, and in red what is due today."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, NoReturn

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from aftersales.models import AfterSaleCase
from shopguard import work_due
from shopguard.lib.days import at_hour
from stores.duties import KEPT_SECONDS, lines_of
from stores.models import Complaint, Order, Review, Shop, User
from stores.selectors.visit import Visit
from tests.conduct.violations import violation
from tests.conftest import DAY_ZERO, NOON_ZERO, SignedIn
from tests.factories import fill, make_member, make_order
from tests.pages.reading import text_of

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
RULES, REVIEWS = "/s/plum/score/rules/", "/s/plum/reviews/"
DUE_TODAY = "件待处理，含今天到期或已超时的"
LINK = r'<a class="side-link" href="([^"]+)"[^>]*>(.*?)</a>'
COUNT = r'class="side-count( is-today)?" title="([^"]+)"><span aria-hidden="true">([^<]+)<'


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Noon of day zero."""
    with time_machine.travel(NOON_ZERO, tick=False) as traveller:
        yield traveller


@pytest.fixture
def owner(signed_in: SignedIn, alice: User) -> Client:
    """A browser of Alice."""
    return signed_in(alice)


@pytest.fixture
def ops(signed_in: SignedIn, bob: User) -> Client:
    """A browser of Bob."""
    return signed_in(bob)


def told(client: Client, path: str = RULES) -> dict[str, str]:
    """The counts of a page by the end of the address they stand at; red ones with a mark."""
    response = client.get(path)
    assert response.status_code == 200
    found = {}
    for address, inside in re.findall(LINK, response.content.decode(), re.DOTALL):
        for is_today, words, count in re.findall(COUNT, inside):
            assert words in text_of(inside)
            assert (DUE_TODAY in words) == bool(is_today)
            found[address.removeprefix("/s/plum/")] = count + "!" * bool(is_today)
    return found


def order(shop: Shop, due_in: timedelta) -> Order:
    return make_order(shop, ship_by=NOON_ZERO + due_in)


def case(shop: Shop, due_in: timedelta) -> AfterSaleCase:
    open_case: dict[str, Any] = {"closed_at": None, "outcome": "open"}
    return fill(AfterSaleCase, "c", shop=shop, due_at=NOON_ZERO + due_in, **open_case)


def review(shop: Shop) -> Review:
    return fill(
        Review, "r", shop=shop, rating=1, replied_at=None, created_at=NOON_ZERO - DAY
    )  # fmt: skip


def test_each_page_counts_the_lines_of_the_list_that_are_done_there(
    owner: Client, shop: Shop
) -> None:
    order(shop, -HOUR)
    order(shop, HOUR)
    case(shop, -HOUR)
    case(shop, 40 * HOUR)
    case(shop, 41 * HOUR)
    review(shop)
    fill(Complaint, "t", shop=shop, answered_at=None, outcome="open")
    shown = {"orders/": "2!", "aftersales/": "3!", "reviews/": "1", "complaints/": "1"}
    assert told(owner) == shown
    lines = lines_of(Visit(shop, "owner", NOON_ZERO))
    assert sum(line.count for line in lines) == 2 + 3 + 1 + 1


def test_only_what_is_due_by_the_end_of_today_in_shanghai_is_red(
    owner: Client, shop: Shop, clock: time_machine.Traveller
) -> None:
    midnight = at_hour(DAY_ZERO + DAY, 0) - NOON_ZERO
    order(shop, midnight)
    assert told(owner) == {"orders/": "1"}
    cache.clear()
    order(shop, midnight - timedelta(seconds=1))
    assert told(owner) == {"orders/": "2!"}


def test_what_is_kept_turns_red_when_its_day_begins(
    owner: Client, shop: Shop, clock: time_machine.Traveller
) -> None:
    midnight = at_hour(DAY_ZERO + DAY, 0)
    make_order(shop, ship_by=midnight + HOUR)
    clock.move_to(midnight - timedelta(seconds=5))
    assert told(owner) == {"orders/": "1"}
    clock.move_to(midnight)
    assert told(owner) == {"orders/": "1!"}


def test_what_is_due_in_another_shop_counts_there_only(
    owner: Client, signed_in: SignedIn, shop: Shop, other_shop: Shop, charlie: User, alice: User
) -> None:
    make_member(charlie, shop, "ops")
    order(other_shop, HOUR)
    assert told(owner) == {}
    assert told(signed_in(charlie), "/s/birch/score/rules/") == {"/s/birch/orders/": "1!"}
    assert told(signed_in(charlie)) == {}


def test_ops_see_no_count_of_what_is_not_theirs(owner: Client, ops: Client, shop: Shop) -> None:
    violation(shop, clause="6", state="pending", notified="2024-03-01 09:00")
    assert told(owner) == {"conduct/": "1"}
    assert told(ops) == {}


def test_a_count_is_kept_for_a_moment_and_forgotten_after_a_step(
    owner: Client, ops: Client, shop: Shop
) -> None:
    first, _second = review(shop), review(shop)
    assert told(ops) == told(owner) == {"reviews/": "2"}
    review(shop)
    assert told(ops) == told(owner) == {"reviews/": "2"}
    assert owner.post(f"{REVIEWS}{first.pk}/reply/", {"text": "抱歉"}).status_code == 302
    assert told(ops) == told(owner) == {"reviews/": "2"}
    Review.objects.filter(shop=shop).update(replied_at=NOON_ZERO)
    # Whoever did something is told what holds, whichever process answers.
    assert told(ops) == {"reviews/": "2"}
    assert told(owner) == {}


def test_a_count_is_kept_for_half_a_minute(
    owner: Client, shop: Shop, clock: time_machine.Traveller
) -> None:
    assert told(owner) == {}
    order(shop, HOUR)
    clock.shift(KEPT_SECONDS - 1)
    assert told(owner) == {}
    clock.shift(2)
    assert told(owner) == {"orders/": "1!"}


def test_a_form_that_is_refused_shows_what_holds(owner: Client, shop: Shop) -> None:
    assert told(owner) == {}
    order(shop, HOUR)
    page = owner.post("/s/plum/settings/", {"version": 0, "name": ""}).content.decode()
    assert f"1 {DUE_TODAY}" in text_of(page)


def test_counting_that_fails_leaves_the_page_whole(
    owner: Client, shop: Shop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def failing(*_: object, **__: object) -> NoReturn:
        raise RuntimeError("no count")

    order(shop, HOUR)
    monkeypatch.setattr(work_due, "work_due", failing)
    assert told(owner) == {}
    assert 'class="side-link" href="/s/plum/orders/"' in owner.get(RULES).text
    assert f"the work of shop {shop.pk} could not be counted" in caplog.text


def test_more_than_99_are_99_and_more(owner: Client, shop: Shop) -> None:
    fields = {"paid_at": NOON_ZERO, "placed_at": NOON_ZERO, "as_of": NOON_ZERO}
    rows = [
        Order(shop=shop, external_id=f"x{n}", ship_by=NOON_ZERO + HOUR, **fields)
        for n in range(100)
    ]
    Order.objects.bulk_create(rows[:99])
    assert told(owner) == {"orders/": "99!"}
    cache.clear()
    rows[99].save()
    assert told(owner) == {"orders/": "99+!"}


def test_the_bar_of_a_phone_counts_as_well(owner: Client, shop: Shop) -> None:
    case(shop, HOUR)
    bar = re.search(r'<nav class="tabbar".*?</nav>', owner.get(RULES).text, re.DOTALL)
    assert bar
    assert 'class="tab-count is-today"' in bar[0]
    assert f"售后案件 1 1 {DUE_TODAY}" in text_of(bar[0])


def test_counts_are_told_in_english(owner: Client, shop: Shop) -> None:
    owner.cookies["django_language"] = "en"
    case(shop, HOUR)
    review(shop)
    text = text_of(owner.get(RULES).text)
    assert "1 item to do, due today or overdue" in text
    assert "1 item to do " in text
    case(shop, HOUR)
    cache.clear()
    assert "2 items to do, some due today or overdue" in text_of(owner.get(RULES).text)


def counting(client: Client, path: str) -> int:
    """How often a page counts what waits."""
    with CaptureQueriesContext(connection) as asked:
        client.get(path)
    return sum("shipments_due" in query["sql"] for query in asked.captured_queries)


def test_the_overview_counts_once_for_its_list_and_the_navigation(
    owner: Client, shop: Shop
) -> None:
    order(shop, HOUR)
    assert counting(owner, "/s/plum/") == 1
    assert counting(owner, RULES) == 0


@pytest.mark.parametrize("path", ["/notifications/", "/s/birch/", "/nothing/"])
def test_pages_of_no_shop_count_nothing(owner: Client, other_shop: Shop, path: str) -> None:
    assert counting(owner, path) == 0


def test_a_page_nobody_may_see_counts_nothing(client: Client, ops: Client, shop: Shop) -> None:
    assert counting(client, RULES) == 0
    assert counting(ops, "/s/plum/settings/") == 0
