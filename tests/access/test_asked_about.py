"""Whoever asks about some shops hears about those, and about no other that has such records too."""

from collections.abc import Callable, Collection, Iterable
from datetime import timedelta
from typing import Any

import pytest

from aftersales.models import AfterSaleCase
from freightins.models import ChoiceChange, Claim, Enrolment, EnteredFee, PricingWindow, SaleDay
from freightins.rules import fee_sets
from freightins.selectors.choices import choice_histories
from freightins.selectors.conduct import conduct_of
from freightins.selectors.covering import shops_enrolled
from freightins.selectors.enrolments import dispute_rates
from freightins.selectors.outlooks import returning, totals_of_late, waiting_of
from freightins.selectors.quoting import claims_paid, entered_fees, totals_of, windows_of
from servicescore.models import (
    AssessmentPenalty,
    CourseExam,
    DailyRow,
    JudgedSpan,
    ScoreRevision,
)
from servicescore.selectors.assessment import (
    day_sums,
    exams_taken,
    first_consultations,
    judged_through,
    penalties_found,
    reply_sums,
)
from servicescore.selectors.daily import outdated_days
from stores.models import Consultation, Shop, Violation
from stores.selectors.penalty_log import shops_concerned
from tests.conftest import DAY_ZERO
from tests.factories import at, fill, make_order
from tests.freight.laying import finished_run

pytestmark = pytest.mark.django_db
YESTERDAY = DAY_ZERO - timedelta(days=1)
NOON = at(YESTERDAY, "12:00")
SPAN = (YESTERDAY, DAY_ZERO)
FEES = fee_sets()[-1]

Asked = Callable[[Collection[int]], Iterable[Any]]
# Each answers with the shops it speaks of.
QUESTIONS: dict[str, Asked] = {
    "judged": judged_through,
    "first asked by a buyer": first_consultations,
    "ratings": lambda shops: day_sums(shops, *SPAN),
    "replies": lambda shops: [row[0] for row in reply_sums(shops, *SPAN)],
    "punishments": penalties_found,
    "exams": exams_taken,
    "choices": choice_histories,
    "points": lambda shops: conduct_of(list(shops), *SPAN),
    "enrolled": shops_enrolled,
    "disputes": lambda shops: dispute_rates(list(shops), DAY_ZERO, 30),
    "returning": lambda shops: returning(list(shops), DAY_ZERO, SPAN),
    "waiting": lambda shops: waiting_of(list(shops), DAY_ZERO, SPAN),
    "late totals": lambda shops: totals_of_late(list(shops), DAY_ZERO, "some"),
    "totals": lambda shops: totals_of(list(shops), YESTERDAY, "some"),
    "claims": lambda shops: claims_paid(list(shops), *SPAN),
    "fees": lambda shops: entered_fees(list(shops), DAY_ZERO),
    "outdated": lambda shops: [shop for shop, _day in outdated_days(shops)],
    "windows": lambda shops: windows_of(list(shops), FEES, DAY_ZERO),
    "concerned": shops_concerned,
}


def lay(shop: Shop) -> None:
    """One record of each kind, of yesterday."""
    run = finished_run(YESTERDAY, sequence=shop.pk)
    given: dict[str, Any] = {"shop": shop, "run": run}
    for model in (JudgedSpan, CourseExam, Enrolment, ChoiceChange):
        fill(model, "x", **given)
    fill(AssessmentPenalty, "x", **given, month=YESTERDAY.replace(day=1))
    fill(Consultation, "x", **given, started_at=NOON, rating=5)
    fill(DailyRow, "x", **given, day=YESTERDAY)
    fill(Violation, "x", **given, state="executed", executed_at=NOON, occurred_at=NOON, clause="4")
    fill(SaleDay, "x", **given, day=YESTERDAY, product_ref="", orders=9, returns=2)
    fill(ScoreRevision, "x", **given, date=YESTERDAY, rule_set="some", total=4.5)
    fill(Claim, "x", **given, state="paid", is_estimated=False, paid_at=NOON, method="pickup")
    first, last = FEES.window_days(DAY_ZERO)
    fill(PricingWindow, "x", **given, day=DAY_ZERO, first_day=first, last_day=last)
    fill(EnteredFee, "x", **given, seen_on=YESTERDAY, fee=100)
    make_order(shop, external_id="o1", paid_at=NOON)
    fill(AfterSaleCase, "x", **given, order_ref="o1", kind="exchange", applied_at=NOON)


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_answer_is_about_the_shops_asked_about(
    shop: Shop, other_shop: Shop, question: str
) -> None:
    lay(shop)
    lay(other_shop)
    for asked in (shop, other_shop):
        assert set(QUESTIONS[question]([asked.pk])) == {asked.pk}
