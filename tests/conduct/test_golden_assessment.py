"""Days of own service are judged, stored and exported as the golden file says."""

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from servicescore.calc.assessment import REPLY, AssessmentRules, Replay
from servicescore.models import CourseExam
from servicescore.selectors.assessment_export import assessment_table
from shopguard.lib.days import days_between
from stores.models import Consultation, Shop, Touch
from tests.conduct.histories import RULES, day, every_day
from tests.conduct.test_judged_days import recompute
from tests.factories import START, at

GOLDEN = tomllib.loads((Path(__file__).parents[1] / "golden" / "assessment.toml").read_text())


def consultations(shop: Shop, told: dict[str, Any]) -> Iterator[Consultation]:
    """Those of a line of the golden file."""
    good, late = told.get("good", 0), told.get("late", 0)
    ratings = [2] * told.get("low", 0) + [5] * told.get("high", 0)
    for each in days_between(date.fromisoformat(told["from"]), date.fromisoformat(told["to"])):
        for number in range(good + late):
            yield Consultation(
                shop=shop, external_id=f"{each}-{number}", as_of=START, started_by="buyer",
                started_at=at(each, "12:00"), first_reply_seconds=20 if number < good else 600,
                rating=ratings[number] if number < len(ratings) else None,
            )  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("case", GOLDEN["case"], ids=lambda case: case["says"])
def test_days_are_judged_as_the_golden_case_says(case: dict[str, Any], shop: Shop) -> None:
    rows = [row for told in case["asked"] for row in consultations(shop, told)]
    Consultation.objects.bulk_create(rows)
    touched = sorted({row.external_id[:10] for row in rows})
    Touch.objects.bulk_create(Touch(shop=shop, day=date.fromisoformat(each)) for each in touched)
    for taken, outcome in case.get("exams", []):
        CourseExam.objects.create(shop=shop, day=taken, outcome=outcome, recorded_by="alice")
    recompute(date.fromisoformat(max(row[0] for row in case["expect"])))
    found = {
        (row[1], row[2]): row[3:]
        for each in {row[0] for row in case["expect"]}
        for row in assessment_table(day=date.fromisoformat(each)).rows
    }
    for judged, indicator, value, n, *rest in case["expect"]:
        number = f"{value:.12f}" if value != "" else ""
        assert found[judged, indicator] == [number, str(n), *rest], (judged, indicator)


def test_each_day_is_judged_by_the_rules_in_force_on_it() -> None:
    """From 10 March on 30 per cent are no failure any more, and a limit lasts five days."""
    milder = replace(
        RULES, id="milder", limit_days=5,
        reply_from=(("pass", 0.5), ("reminder", 0.25), ("course", 0.1)),
    )  # fmt: skip

    def rules_on(each: date) -> AssessmentRules:
        return milder if each >= day("03-10") else RULES

    replay = Replay(every_day("03-01", "04-05", in_time=1, asked=5), [], [], rules_on)
    said = {
        each: row
        for each in days_between(day("03-02"), day("04-05"))
        for row in replay.judge(each)[0]
        if row.indicator == REPLY
    }
    # Found under the first rules, the limit keeps their three days though the rules change.
    assert (said[day("03-03")].level, said[day("03-03")].state) == ("limit", "penalty_started")
    assert said[day("03-12")].state == "window_not_full"
    assert (said[day("03-13")].level, said[day("03-13")].state) == ("course", "already_punished")
    assert (said[day("04-01")].level, said[day("04-01")].state) == ("course", "penalty_started")
