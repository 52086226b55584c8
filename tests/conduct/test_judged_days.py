"""The night judges days never judged before, and what was judged stays."""

import csv
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from servicescore.models import AssessmentDay, AssessmentPenalty, CourseExam, ServiceModeSpell
from servicescore.selectors.assessment_export import HEADER, assessment_table
from stores.models import Consultation, Shop, Touch
from tests.conftest import DAY_ZERO
from tests.factories import START, at, make_shop

pytestmark = pytest.mark.django_db


def ask(shop: Shop, day: date, *, late: int = 0, good: int = 0, rating: int | None = None) -> None:
    """Consultations of a day at noon, and the touch an import would have left."""
    Consultation.objects.bulk_create(
        Consultation(
            shop=shop, external_id=f"{day}-{late}-{good}-{number}", started_at=at(day, "12:00"),
            started_by="buyer", first_reply_seconds=900 if number < late else 20, rating=rating,
            as_of=START,
        )
        for number in range(late + good)
    )  # fmt: skip
    Touch.objects.create(shop=shop, day=day)


def recompute(day: date) -> None:
    call_command("recompute", "--date", day.isoformat(), "--quiet")


def said(day: date, shop: str = "plum") -> list[list[str]]:
    """The two rows of a shop, from the value on."""
    return [row[3:] for row in assessment_table(day=day).rows if row[0] == shop]


def nothing(indicator: str) -> list[str]:
    """What is said of a shop nobody asked anything."""
    return ["plum", "2024-03-01", indicator, "", "0", "", "sample_too_small"]


def back(days: int) -> date:
    return DAY_ZERO - timedelta(days=days)


def test_earlier_days_are_replayed_in_order_and_never_again(shop: Shop) -> None:
    for days in range(20, 0, -1):
        ask(shop, back(days), late=2)
    recompute(DAY_ZERO)
    found = AssessmentPenalty.objects.earliest("found_on")
    assert (found.indicator, found.level, found.found_on) == ("reply_3min", "limit", back(15))
    before = list(AssessmentDay.objects.order_by("pk").values_list())
    ask(shop, back(16), good=400)
    recompute(back(3))
    recompute(DAY_ZERO)
    assert list(AssessmentDay.objects.order_by("pk").values_list()) == before


def test_late_facts_count_from_the_next_day_on(shop: Shop) -> None:
    for days in range(7, 0, -1):
        ask(shop, back(days), good=2)
    recompute(DAY_ZERO)
    assert said(DAY_ZERO)[0][:4] == ["1.000000000000", "14", "pass", "assessed"]
    ask(shop, back(1), late=6)
    recompute(DAY_ZERO + timedelta(days=1))
    assert said(DAY_ZERO)[0][:2] == ["1.000000000000", "14"]
    assert said(DAY_ZERO + timedelta(days=1))[0][:2] == ["0.666666666667", "18"]


def test_a_shop_without_consultations_has_its_rows_and_platform_shops_have_none(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    make_shop("birch", service_mode="platform")
    recompute(DAY_ZERO)
    call_command("export_assessment", "--date", DAY_ZERO.isoformat())
    assert list(csv.reader(StringIO(capsys.readouterr().out))) == [
        HEADER,
        [*nothing("reply_3min"), "2024-02-23", "2024-02-29"],
        [*nothing("dissatisfaction"), "2024-02-01", "2024-02-29"],
    ]


def test_days_before_the_opening_are_nobodys(shop: Shop) -> None:
    Shop.objects.update(opened_on=back(2))
    ask(shop, back(3), good=5)
    ask(shop, back(2), good=3)
    recompute(DAY_ZERO)
    assert said(DAY_ZERO)[0][1] == "3"
    assert said(back(2))[0][1] == "0"
    assert said(back(3)) == []


def test_days_the_platform_answered_are_not_judged(shop: Shop) -> None:
    ServiceModeSpell.objects.create(shop=shop, mode="platform", set_by="alice")
    ServiceModeSpell.objects.create(shop=shop, mode="own", from_day=back(3), set_by="alice")
    for days in range(8, 0, -1):
        ask(shop, back(days), good=4)
    recompute(DAY_ZERO)
    assert said(back(4)) == []
    assert said(DAY_ZERO)[0][1] == "12"


def test_ratings_count_whoever_started_and_only_in_the_hours(shop: Shop) -> None:
    day = date(2024, 3, 5)
    for number, (clock, by) in enumerate(
        [("09:00", "buyer"), ("22:59", "shop"), ("08:59", "buyer"), ("23:00", "buyer")]
    ):
        Consultation.objects.create(
            shop=shop, external_id=str(number), started_at=at(day, clock), started_by=by,
            first_reply_seconds=10, rating=3, as_of=START,
        )  # fmt: skip
    Touch.objects.create(shop=shop, day=day)
    recompute(date(2024, 3, 6))
    reply, low = said(date(2024, 3, 6))
    assert (reply[1], low[:2]) == ("1", ["1.000000000000", "2"])


def test_an_export_before_anything_was_judged_says_what_to_run(shop: Shop) -> None:
    with pytest.raises(CommandError, match="recompute --date 2024-03-01"):
        call_command("export_assessment", "--date", "2024-03-01")


def test_what_was_judged_cannot_be_changed(shop: Shop) -> None:
    CourseExam.objects.create(shop=shop, day=DAY_ZERO, outcome="failed", recorded_by="alice")
    ask(shop, back(1), late=10)
    recompute(DAY_ZERO)
    for table in ("courseexam", "assessmentday", "assessmentpenalty", "judgedspan"):
        for change in (
            f"UPDATE servicescore_{table} SET id = id + 1",
            f"DELETE FROM servicescore_{table}",
        ):
            with pytest.raises(DatabaseError, match="final"), transaction.atomic():
                connection.cursor().execute(change)
