"""Who answers a shop's customers is switched by its owner, under the conditions of the rules."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from servicescore.models import AgentShift, ModeSwitch, ServiceModeSpell
from servicescore.selectors.assessment import own_modes
from servicescore.selectors.modes import blacklisting_of, ground_of
from stores.models import (
    AuditEntry,
    Complaint,
    Consultation,
    Notification,
    OutboxMessage,
    Shop,
    User,
)
from stores.services.notices import notices_deliver
from tests.conduct.test_judged_days import ask, back, recompute
from tests.conftest import DAY_ZERO
from tests.factories import START, at, fill

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]
MODE = "/s/plum/service/mode/"
NOW = at(DAY_ZERO, "14:00")


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """It is two o'clock in the afternoon of day zero."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def served(shop: Shop) -> Shop:
    """The platform answers for the shop, whose one agent is on the rota."""
    shop.service_mode = "platform"
    shop.save()
    AgentShift.objects.create(
        shop=shop, agent="阿宁", weekday=1, opens=9, closes=18, set_by="alice"
    )
    return shop


def mode(shop: Shop) -> str:
    return Shop.objects.get(pk=shop.pk).service_mode


def asked(client: Client, **form: str) -> ModeSwitch | None:
    client.post(MODE + "own/", {"signed": "1"} | form)
    return ModeSwitch.objects.filter(state="open").first()


def exam(client: Client, switch: ModeSwitch, outcome: str) -> None:
    client.post(f"{MODE}own/{switch.pk}/exam/", {"outcome": outcome, "agent": "阿宁"})


def test_own_service_begins_on_the_day_its_exam_is_passed(
    signed_in: SignedIn, alice: User, bob: User, served: Shop, clock: time_machine.Traveller
) -> None:
    owner = signed_in(alice)
    switch = asked(owner)
    assert switch is not None
    assert mode(served) == "platform"
    clock.shift(timedelta(days=2))
    exam(owner, switch, "failed")
    assert mode(served) == "platform"
    assert "考过 1 次，没有通过" in owner.get(MODE).text
    exam(owner, switch, "passed")
    assert mode(served) == "own"
    record = own_modes([Shop.objects.get(pk=served.pk)])[served.pk]
    assert (record.on(back(-1)), record.on(back(-2))) == (False, True)
    words = AuditEntry.objects.filter(action__startswith="mode").order_by("pk")
    assert list(words.values_list("action", flat=True)) == [
        "mode.ask", "mode.exam", "mode.exam", "mode.switch",
    ]  # fmt: skip
    assert "通过" in signed_in(bob).get(MODE).text


def test_asking_sends_the_rules_once_to_the_people_of_the_shop(
    signed_in: SignedIn, alice: User, bob: User, served: Shop
) -> None:
    first, again = asked(signed_in(alice)), asked(signed_in(alice))
    assert first == again
    (message,) = OutboxMessage.objects.filter(topic="notice")
    notices_deliver(kind=message.payload["kind"], key="1", payload=message.payload)
    assert Notification.objects.count() == 2


def test_without_its_conditions_own_service_is_not_to_be_had(
    signed_in: SignedIn, alice: User, bob: User, served: Shop
) -> None:
    owner = signed_in(alice)
    assert signed_in(bob).post(MODE + "own/", {"signed": "1"}).status_code == 403
    owner.post(MODE + "own/", {})
    Shop.objects.update(status="closed")
    assert asked(owner) is None
    Shop.objects.update(status="active")
    AgentShift.objects.all().delete()
    assert asked(owner) is None
    assert "条件还没有全部满足" in owner.get(MODE).text


@pytest.mark.parametrize(("who", "may_switch"), [("alice", True), ("bob", False), ("dora", True)])
def test_only_who_may_switch_is_offered_it(
    request: pytest.FixtureRequest, signed_in: SignedIn, served: Shop, who: str, may_switch: bool
) -> None:
    page = signed_in(request.getfixturevalue(who)).get(MODE).text
    assert (f'action="{MODE}own/"' in page) == may_switch


def test_the_busiest_hour_says_how_many_agents_are_enough(served: Shop) -> None:
    assert ground_of(served, now=NOW).needed == 1
    Consultation.objects.bulk_create(
        Consultation(
            shop=served, external_id=f"c{week}-{number}", as_of=START, started_by="buyer",
            started_at=at(back(3 + 7 * week), "20:10"), first_reply_seconds=20,
        )
        for week in range(4)
        for number in range(12)
    )  # fmt: skip
    ground = ground_of(served, now=NOW)
    assert (ground.sessions, ground.charge_fen) == (48, 48 * ground.rules.session_fen)
    assert ground.needed == 3


def test_a_switch_that_waits_can_be_taken_back(
    signed_in: SignedIn, alice: User, served: Shop
) -> None:
    owner = signed_in(alice)
    switch = asked(owner)
    assert switch is not None
    owner.post(f"{MODE}own/{switch.pk}/withdraw/")
    exam(owner, switch, "passed")
    assert mode(served) == "platform"
    assert ModeSwitch.objects.get().state == "withdrawn"


def test_the_platform_takes_over_at_the_charge_that_was_shown(
    signed_in: SignedIn, alice: User, shop: Shop
) -> None:
    ask(shop, back(1), good=3)
    owner = signed_in(alice)
    assert "6.00 元" in owner.get(MODE).text
    for charge in ("", "500", "x"):
        owner.post(MODE + "platform/", {"charge": charge})
    assert mode(shop) == "own"
    owner.post(MODE + "platform/", {"charge": "600"})
    assert mode(shop) == "platform"
    recompute(DAY_ZERO)
    assert "平台客服代运营" in owner.get("/s/plum/service/").text


def test_days_before_a_switch_keep_the_mode_they_had(
    signed_in: SignedIn, alice: User, shop: Shop
) -> None:
    signed_in(alice).post(MODE + "platform/", {"charge": "0"})
    spells = ServiceModeSpell.objects.order_by("pk").values_list("mode", "from_day")
    assert list(spells) == [("own", None), ("platform", DAY_ZERO)]
    record = own_modes([Shop.objects.get(pk=shop.pk)])[shop.pk]
    assert (record.on(back(1)), record.on(DAY_ZERO)) == (True, False)


def test_an_admin_says_why(signed_in: SignedIn, dora: User, shop: Shop) -> None:
    admin = signed_in(dora)
    admin.post(MODE + "platform/", {"charge": "0"})
    assert mode(shop) == "own"
    admin.post(MODE + "platform/", {"charge": "0", "reason": "店主来电要求"})
    assert mode(shop) == "platform"
    assert AuditEntry.objects.get(action="mode.switch").reason == "店主来电要求"


def test_three_upheld_complaints_about_blacklisting_suspend_the_blacklist(
    signed_in: SignedIn, alice: User, shop: Shop, other_shop: Shop
) -> None:
    about = {"topic": "blacklist", "outcome": "upheld", "excluded_reason": ""}
    fill(Complaint, "a", shop=shop, **about)
    fill(Complaint, "b", shop=shop, **about)
    fill(Complaint, "c", shop=shop, **(about | {"outcome": "rejected"}))
    fill(Complaint, "d", shop=shop, **(about | {"excluded_reason": "malicious"}))
    fill(Complaint, "e", shop=other_shop, **about)
    found = blacklisting_of(shop, day=DAY_ZERO)
    assert (found.count, found.is_suspended) == (2, False)
    fill(Complaint, "f", shop=shop, **about)
    assert blacklisting_of(shop, day=DAY_ZERO).is_suspended
    assert "暂停黑名单功能" in signed_in(alice).get(MODE).text
    ask(shop, back(1), good=1)
    recompute(DAY_ZERO)
    recompute(DAY_ZERO)
    kinds = OutboxMessage.objects.filter(topic="notice").values_list("payload__kind", flat=True)
    assert list(kinds) == ["blacklist_suspended"]
