"""The page of the customer service says how it is judged, and takes exams of courses."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.test import Client

from servicescore.models import CourseExam
from stores.models import AuditEntry, Shop, User
from tests.conduct.test_judged_days import ask, back, recompute
from tests.conftest import DAY_ZERO
from tests.factories import at

pytestmark = pytest.mark.django_db
PAGE = "/s/plum/service/"


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    """It is two o'clock in the afternoon of day zero."""
    with time_machine.travel(at(DAY_ZERO, "14:00"), tick=False):
        yield


def test_a_shop_never_judged_says_so(
    signed_in: Callable[[User], Client], bob: User, shop: Shop
) -> None:
    assert "还没有考核过" in signed_in(bob).get(PAGE).text


def test_a_platform_run_shop_is_not_judged(
    signed_in: Callable[[User], Client], bob: User, shop: Shop
) -> None:
    Shop.objects.update(service_mode="platform")
    assert "平台客服代运营" in signed_in(bob).get(PAGE).text


def test_what_was_judged_what_fits_and_who_answered(
    signed_in: Callable[[User], Client], bob: User, shop: Shop
) -> None:
    for days in range(28, 0, -1):
        ask(shop, back(days), good=9, late=1, rating=5)
    recompute(DAY_ZERO)
    text = signed_in(bob).get(PAGE).text
    assert "63 / 70 条" in text
    assert "今天还能晚回" in text
    assert "90.0%" in text
    assert "记录考试结果" not in text


def test_a_running_course_is_said_and_its_exam_recorded_once_for_good(
    signed_in: Callable[[User], Client], alice: User, bob: User, shop: Shop
) -> None:
    for days in (2, 1):
        ask(shop, back(days), good=2, late=3)
    recompute(DAY_ZERO)
    owner = signed_in(alice)
    assert "考核处罚进行中" in owner.get(PAGE).text
    form = {"day": "2024-03-01", "outcome": "passed"}
    assert signed_in(bob).post(PAGE + "exams/", form).status_code == 403
    for wrong in ({"day": "never"}, {"day": "2024-03-02"}, {"outcome": "maybe"}):
        owner.post(PAGE + "exams/", form | wrong)
    assert not CourseExam.objects.exists()
    owner.post(PAGE + "exams/", form)
    assert CourseExam.objects.get().outcome == "passed"
    assert AuditEntry.objects.filter(action="exam.record").count() == 1
