"""Sessions of customer service are drawn by lot and scored."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from servicescore.calc.sampling import drawn
from servicescore.models import QualitySample
from servicescore.selectors.samples import samples_page
from stores.duties import lines_of
from stores.models import AuditEntry, Consultation, Shop, User
from stores.selectors.visit import Visit
from tests.conduct.test_judged_days import back
from tests.conftest import DAY_ZERO
from tests.factories import START, at

SignedIn = Callable[[User], Client]
SAMPLES = "/s/plum/service/samples/"
NOW = at(DAY_ZERO, "14:00")
MARKS = {"solved": 5, "tone": 4, "accuracy": 4, "conduct": 4}


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    """It is two o'clock in the afternoon of day zero."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def sessions(shop: Shop) -> Shop:
    """Yesterday 20 sessions of one agent and two of another; one before the assessed hours."""
    agents = ["阿宁"] * 20 + ["木木"] * 2
    Consultation.objects.bulk_create(
        Consultation(
            shop=shop, external_id=f"c{number}", as_of=START, started_by="buyer", agent=agent,
            started_at=at(back(1), "12:00"), first_reply_seconds=20,
        )
        for number, agent in enumerate(agents)
    )  # fmt: skip
    Consultation.objects.create(
        shop=shop, external_id="early", as_of=START, started_by="buyer", agent="夜班",
        started_at=at(back(1), "08:59"),
    )  # fmt: skip
    return shop


def draw(client: Client, **form: str) -> list[QualitySample]:
    client.post(SAMPLES + "draw/", form)
    return list(QualitySample.objects.order_by("consultation_ref"))


def mark(client: Client, sample: QualitySample, **form: object) -> None:
    given = {"version": sample.version} | MARKS | form
    client.post(f"{SAMPLES}{sample.pk}/mark/", given)


@given(
    st.lists(st.tuples(st.uuids().map(str), st.sampled_from("abc")), max_size=30, unique=True),
    st.integers(0, 10),
    st.randoms(),
)
def test_the_lot_does_not_depend_on_order_and_takes_every_agent_once_first(
    sessions: list[tuple[str, str]], size: int, random: object
) -> None:
    found = drawn(sessions, size=size, shop=1, week=DAY_ZERO)
    assert found == drawn(sessions[::-1], size=size, shop=1, week=DAY_ZERO)
    assert len(found) == len(set(found)) == min(size, len(sessions))
    agents = dict(sessions)
    first = found[: min(size, len(set(agents.values())))]
    assert len({agents[name] for name in first}) == len(first)


@pytest.mark.django_db
def test_a_week_is_drawn_once_for_everybody_and_only_in_the_assessed_hours(
    signed_in: SignedIn, bob: User, sessions: Shop
) -> None:
    client = signed_in(bob)
    first = draw(client)
    assert len(first) == 8
    assert {row.agent for row in first} == {"阿宁", "木木"}
    assert draw(client) == first
    assert AuditEntry.objects.filter(action="sample.draw").count() == 1


@pytest.mark.django_db
def test_admins_say_why(signed_in: SignedIn, alice: User, dora: User, sessions: Shop) -> None:
    admin = signed_in(dora)
    assert draw(admin) == []
    sample = draw(admin, reason="投诉增多")[0]
    assert "等打分" in signed_in(alice).get(SAMPLES).text
    mark(admin, sample)
    assert QualitySample.objects.filter(scored_at__isnull=False).count() == 0
    mark(admin, sample, reason="投诉增多")
    assert QualitySample.objects.get(scored_at__isnull=False).scored_by == "dora"


@pytest.mark.django_db
def test_marks_come_to_a_score_by_agent_and_can_be_corrected(
    signed_in: SignedIn, bob: User, sessions: Shop
) -> None:
    client = signed_in(bob)
    sample = draw(client)[0]
    mark(client, sample, clause="3", remark="结束得太快")
    page = samples_page(shop=sessions, asked=client.get(SAMPLES).wsgi_request.GET, now=NOW)
    (agent,) = page.agents
    assert (agent.mean, agent.broken, page.good_share) == (4.25, 1, 1.0)
    assert "疑似违反 3" in client.get(SAMPLES).text
    mark(client, sample)  # a version too old
    mark(client, QualitySample.objects.get(pk=sample.pk), solved=1)
    assert QualitySample.objects.get(pk=sample.pk).solved == 1
    entries = AuditEntry.objects.filter(action="sample.mark").order_by("pk")
    assert [entry.before and entry.before["solved"] for entry in entries] == [None, 5]


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"tone": 0}, {"tone": 6}, {"tone": "x"}, {"clause": "99"}])
def test_marks_that_are_none_are_refused(
    signed_in: SignedIn, bob: User, sessions: Shop, wrong: dict[str, object]
) -> None:
    client = signed_in(bob)
    sample = draw(client)[0]
    mark(client, sample, **wrong)
    assert not QualitySample.objects.filter(scored_at__isnull=False).exists()


@pytest.mark.django_db
def test_what_was_drawn_waits_in_the_list_of_ops(
    signed_in: SignedIn, bob: User, sessions: Shop
) -> None:
    draw(signed_in(bob))
    lines = {line.name: line.count for line in lines_of(Visit(sessions, "ops", NOW))}
    assert lines["samples_unread"] == 8


@pytest.mark.django_db
def test_without_sessions_there_is_nothing_to_draw(
    signed_in: SignedIn, bob: User, shop: Shop
) -> None:
    client = signed_in(bob)
    assert draw(client) == []
    assert "没有可抽的会话" in client.get(SAMPLES).text
