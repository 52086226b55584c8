"""People are told what a night of the assessment brought, once, and see it in their to-do list."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine

from servicescore.calc.assessment import REPLY, Found
from servicescore.models import AssessmentPenalty, CourseExam
from servicescore.services.assessment_alerts import alerts_put
from stores.duties import Line, lines_of
from stores.models import Notification, OutboxMessage, Run, Shop, User
from stores.notices import words_of
from stores.selectors.visit import Visit
from stores.services.notices import notices_deliver
from tests.conduct.test_judged_days import ask, back, recompute
from tests.conftest import DAY_ZERO
from tests.factories import at, fill, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """It is two o'clock in the afternoon of day zero."""
    with time_machine.travel(at(DAY_ZERO, "14:00"), tick=False) as traveller:
        yield traveller


@pytest.fixture
def course(shop: Shop) -> Shop:
    """The shop fails by one level on day zero: a course of three days."""
    for days in (2, 1):
        ask(shop, back(days), good=2, late=3)
    recompute(DAY_ZERO)
    return shop


def told(kind: str) -> list[str]:
    """Who was told of a kind of event, what waited having been delivered."""
    for message in OutboxMessage.objects.filter(topic="notice", payload__kind=kind):
        notices_deliver(kind=kind, key=message.payload["key"], payload=message.payload)
    rows = Notification.objects.filter(kind=kind).order_by("user__username")
    return list(rows.values_list("user__username", flat=True))


def after(clock: time_machine.Traveller, days: int) -> date:
    """So many days later, the nights up to it having run."""
    day = DAY_ZERO + timedelta(days=days)
    clock.move_to(at(day, "14:00"))
    recompute(day)
    return day


def lines(shop: Shop, role: str, day: date, hour: str = "14:00") -> dict[str, Line]:
    found = lines_of(Visit(shop, role, at(day, hour)))
    return {line.name: line for line in found if line.name.startswith("course")}


def test_a_penalty_is_told_to_the_people_of_the_shop(
    alice: User, bob: User, charlie: User, course: Shop
) -> None:
    assert told("assessment_penalty") == ["alice", "bob"]
    words = words_of(Notification.objects.filter(kind="assessment_penalty")[0])
    assert "3 分钟回复率" in words.title
    assert "3月3日" in words.body
    assert words.url == "/s/plum/service/"
    recompute(DAY_ZERO)
    assert told("assessment_penalty") == ["alice", "bob"]


def test_the_end_of_a_course_without_an_exam_is_told_to_owners_and_admins(
    alice: User, bob: User, dora: User, course: Shop, clock: time_machine.Traveller
) -> None:
    after(clock, 2)
    assert told("course_end") == []
    after(clock, 3)
    after(clock, 4)
    assert told("course_end") == ["alice", "dora"]


def test_a_course_with_an_exam_on_record_ends_without_an_alert(
    dora: User, course: Shop, clock: time_machine.Traveller
) -> None:
    CourseExam.objects.create(shop=course, day=DAY_ZERO, outcome="failed", recorded_by="alice")
    after(clock, 3)
    assert told("course_end") == []


def test_old_days_judged_late_are_no_news(dora: User, shop: Shop) -> None:
    for days in range(40, 30, -1):
        ask(shop, back(days), good=2, late=3)
    recompute(back(30))
    assert AssessmentPenalty.objects.exists()
    assert not OutboxMessage.objects.filter(topic="notice").exists()


def test_three_failing_months_are_told_once_for_a_person_to_decide(
    alice: User, dora: User, shop: Shop
) -> None:
    months = [date(2023, 11, 1), date(2024, 1, 1), date(2024, 2, 1)]
    found = [Found(REPLY, "limit", month, month) for month in months]
    for count in (2, 3, 3):
        alerts_put(shop=shop, found=found[:count], exams=[], day=DAY_ZERO)
        assert bool(told("failing_months")) == (count == 3)
    assert told("failing_months") == ["alice", "dora"]
    assert "3 个月" in words_of(Notification.objects.filter(kind="failing_months")[0]).title


def test_a_running_course_is_to_be_passed_by_the_end_of_its_last_day(course: Shop) -> None:
    (line,) = lines(course, "ops", DAY_ZERO).values()
    assert (line.name, line.due_at) == (
        "course_running",
        at(DAY_ZERO + timedelta(days=2), "23:59") + timedelta(seconds=59),
    )
    assert lines(course, "ops", DAY_ZERO + timedelta(days=2), "23:59").keys() == {"course_running"}
    assert lines(course, "ops", DAY_ZERO + timedelta(days=3), "00:00") == {}
    CourseExam.objects.create(shop=course, day=DAY_ZERO, outcome="failed", recorded_by="alice")
    assert lines(course, "ops", DAY_ZERO).keys() == {"course_running"}
    CourseExam.objects.create(shop=course, day=DAY_ZERO, outcome="passed", recorded_by="alice")
    assert lines(course, "ops", DAY_ZERO) == {}


def test_a_course_nobody_recorded_a_result_of_is_asked_for_a_week(course: Shop) -> None:
    ended = DAY_ZERO + timedelta(days=3)
    assert lines(course, "owner", ended).keys() == {"course_unrecorded"}
    assert lines(course, "owner", ended + timedelta(days=8)) == {}
    CourseExam.objects.create(shop=course, day=DAY_ZERO, outcome="missed", recorded_by="alice")
    assert lines(course, "owner", ended) == {}


def test_a_course_of_another_shop_is_nobody_elses(shop: Shop, other_shop: Shop, bob: User) -> None:
    make_user("erin")
    fill(
        AssessmentPenalty, "QZ7", shop=other_shop, level="course", found_on=DAY_ZERO,
        run=fill(Run, "QZ7"),
    )  # fmt: skip
    assert lines(shop, "owner", DAY_ZERO) == {}
