"""The rota page: shifts against arrivals, planned live sessions, where one more agent helps."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from servicescore.models import AgentShift, LiveSession
from servicescore.selectors.rota_page import RotaPage, rota_page
from stores.models import AuditEntry, Consultation, Shop, User
from tests.factories import START
from tests.imports.files import shanghai

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]
ROTA = "/s/plum/service/rota/"
# Monday, 4 March 2024.
NOW = shanghai("2024-03-04 08:00")


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    """It is Monday morning."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def busy(shop: Shop) -> Shop:
    """Eight buyers every Friday at eight in the evening for four weeks, every second one late."""
    at = shanghai("2024-03-01 20:05")
    Consultation.objects.bulk_create(
        Consultation(
            shop=shop, external_id=f"c{week}-{n}", as_of=START, started_by="buyer", agent="阿宁",
            started_at=at - timedelta(weeks=week), first_reply_seconds=400 if n % 2 else 20,
        )
        for week in range(4)
        for n in range(8)
    )  # fmt: skip
    return shop


def page(shop: Shop) -> RotaPage:
    return rota_page(shop=shop, now=NOW)


def shift(client: Client, **given: object) -> None:
    form = {"agent": "阿宁", "weekdays": [5], "opens": 9, "closes": 21} | given
    client.post(ROTA + "shifts/", form)


def test_an_hour_with_buyers_and_nobody_on_duty_is_flagged(
    signed_in: SignedIn, bob: User, busy: Shop
) -> None:
    client = signed_in(bob)
    assert page(busy).open_hours == 1
    assert "缺人" in client.get(ROTA).text
    shift(client, opens=9, closes=20)
    assert page(busy).open_hours == 1
    shift(client, opens=20, closes=23)
    assert page(busy).open_hours == 0
    assert "有人来问的时段都有人值班" in client.get(ROTA).text
    assert AuditEntry.objects.filter(action="shift.add").count() == 2


def test_the_hour_where_one_more_helps_most_is_named_with_its_worth(busy: Shop) -> None:
    (best,) = page(busy).best
    assert (best.cell.weekday, best.cell.hour) == (5, 20)
    assert (best.cell.asked, best.cell.late) == (8, 4)
    assert 0 < best.saved < 4
    assert best.rate_then == pytest.approx(0.5 + best.saved / 8)
    asked, then, now = best.stake
    assert (asked, now) == (32, 16)
    assert then == round(16 + 4 * best.saved)


def test_the_same_shift_again_is_no_second_one_and_overlaps_are_refused(
    signed_in: SignedIn, alice: User, shop: Shop
) -> None:
    client = signed_in(alice)
    shift(client, weekdays=[1, 2])
    shift(client, weekdays=[1, 2])
    shift(client, weekdays=[1], opens=20, closes=23)
    shift(client, weekdays=[1], opens=21, closes=20)
    shift(client, agent=" ", weekdays=[3])
    shift(client, weekdays=[9])
    assert list(AgentShift.objects.values_list("weekday", "opens")) == [(1, 9), (2, 9)]
    client.post(f"{ROTA}shifts/{AgentShift.objects.all()[0].pk}/drop/")
    assert AgentShift.objects.count() == 1


def test_hours_of_a_live_session_without_enough_agents_are_told(
    signed_in: SignedIn, alice: User, busy: Shop
) -> None:
    client = signed_in(alice)
    form = {"title": "春装", "starts_at": "2024-03-08T19:30", "ends_at": "2024-03-08T21:00"}
    client.post(ROTA + "live/", form)
    client.post(ROTA + "live/", form)
    (live,) = page(busy).lives
    assert [hour.at.hour for hour in live.hours] == [19, 20]
    assert [hour.needed for hour in live.hours] == [1, 4]
    shift(client, opens=9, closes=23)
    (live,) = page(busy).lives
    assert [hour.at.hour for hour in live.short] == [20]
    client.post(ROTA + "live/", form | {"ends_at": "2024-03-01T21:00"})
    client.post(ROTA + "live/", form | {"title": ""})
    client.post(f"{ROTA}live/{LiveSession.objects.get().pk}/drop/")
    assert not LiveSession.objects.exists()
