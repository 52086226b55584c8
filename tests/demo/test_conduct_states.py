"""Every state that conduct, customer service and onboarding know occurs in the demo."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import Model
from django.utils import timezone

from servicescore.models import (
    AssessmentDay,
    AssessmentPenalty,
    CourseExam,
    ModeExam,
    ModeSwitch,
)
from servicescore.selectors.modes import blacklisting_of
from shopguard.demo import cast, generate
from stores.models import (
    Appeal,
    Application,
    ApplicationEvent,
    DepositDue,
    InvitationCode,
    OutboxMessage,
    Shop,
    Violation,
)
from stores.selectors.desk_lists import ShopLine, shop_lines
from tests.conftest import DAY_ZERO

pytestmark = pytest.mark.django_db(transaction=True)
WITH_STEADY = 10
CHOSEN: tuple[tuple[type[Model], str], ...] = (
    (Violation, "state"),
    (Appeal, "state"),
    (Application, "state"),
    (Application, "kind"),
    (AssessmentDay, "indicator"),
    (CourseExam, "outcome"),
    (ModeSwitch, "state"),
    (ModeSwitch, "wanted"),
    (ModeExam, "outcome"),
)
TOLD = {"application", "blacklist_suspended", "own_service_rules"}


def missing(model: type[Model], name: str) -> set[Any]:
    """Choices of a field that no row has."""
    known = {key for key, _word in model._meta.get_field(name).flatchoices}
    return known - set(model._default_manager.values_list(name, flat=True))


def test_every_state_occurs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generate, "DAYS_OF_FACTS", 181)
    options: dict[str, Any] = {"date": DAY_ZERO, "shops": WITH_STEADY, "score_dates": 1}
    call_command("seed_demo", stdout=StringIO(), **options)

    absent = {f"{model.__name__}.{name}": missing(model, name) for model, name in CHOSEN}
    assert not {name: gone for name, gone in absent.items() if gone}
    assert set(Violation.objects.values_list("kind", flat=True)) == {"general", "severe", ""}
    assert set(OutboxMessage.objects.values_list("payload__kind", flat=True)) >= TOLD
    lines = shop_lines(list(Shop.objects.all()))
    deposits(lines)
    codes()
    service(lines)


def deposits(lines: list[ShopLine]) -> None:
    """Some were paid and some were not; one application has paid a part."""
    assert DepositDue.objects.exists()
    assert {line.balance is None for line in lines} == {True, False}
    assert ApplicationEvent.objects.filter(move="deposit").exists()


def codes() -> None:
    """Codes that can be used, are used up, and are over; somebody was rejected with a reason."""
    today = timezone.localdate()
    found = InvitationCode.objects.values_list("uses_left", "valid_until")
    states = {(left > 0, until >= today) for left, until in found}
    assert states == {(True, True), (True, False), (False, True)}
    assert Application.objects.exclude(reason="").exists()


def service(lines: list[ShopLine]) -> None:
    """A blacklist that is suspended, and a course that runs."""
    suspended = {blacklisting_of(line.shop, day=DAY_ZERO).is_suspended for line in lines}
    assert suspended == {True, False}
    since = DAY_ZERO - timedelta(days=3)
    courses = AssessmentPenalty.objects.filter(level="course", found_on__gt=since)
    assert courses.filter(shop__external_id=cast.STEADY).exists()
