"""Shops that are being punished stand first in the table of shops, and it says how."""

from collections.abc import Callable
from datetime import date

import pytest
import time_machine
from django.db import transaction
from django.test import Client

from servicescore.models import AssessmentPenalty, CourseExam
from servicescore.selectors.punished import punished_now
from stores.models import Role, Shop, User
from stores.services.cases import case_revoke
from stores.services.penalty_log import log_renew
from tests.conduct.violations import violation
from tests.factories import fill, make_member, make_shop
from tests.imports.files import shanghai

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]
DAY = date(2024, 3, 5)


def punished(shop: Shop, day: date = DAY) -> str:
    return punished_now([shop.pk], day=day).get(shop.pk, "")


@time_machine.travel(shanghai("2024-03-05 10:00"), tick=False)
def test_a_penalty_of_the_log_shows_until_it_ends_or_is_taken_back(shop: Shop, dora: User) -> None:
    case = violation(shop, clause="6", executed="2024-03-04 10:00")
    with transaction.atomic():
        log_renew(shops=[shop])
    shown = [punished(shop, date(2024, 3, day)) for day in (3, 4, 10, 11)]
    assert shown == ["", "限流", "限流", ""]
    case_revoke(actor=dora, case=case, reason="误判")
    assert punished(shop) == ""


def test_a_penalty_of_the_assessment_shows_while_it_runs(shop: Shop) -> None:
    fill(
        AssessmentPenalty, "x", shop=shop, indicator="reply_3min", level="course",
        found_on=date(2024, 3, 4), month=date(2024, 3, 1),
    )  # fmt: skip
    assert [bool(punished(shop, date(2024, 3, day))) for day in (3, 4, 6, 7)] == [0, 1, 1, 0]
    CourseExam.objects.create(shop=shop, day=date(2024, 3, 5), outcome="failed", recorded_by="a")
    assert punished(shop, date(2024, 3, 9)) == "客服考核处罚"
    assert punished(shop, date(2024, 3, 10)) == ""


def test_nobody_hears_of_the_penalties_of_a_shop_not_asked_about(
    shop: Shop, other_shop: Shop
) -> None:
    violation(other_shop, clause="6", executed="2024-03-04 10:00")
    with transaction.atomic():
        log_renew(shops=[other_shop])
    fill(
        AssessmentPenalty, "x", shop=other_shop, indicator="reply_3min", level="course",
        found_on=date(2024, 3, 4), month=date(2024, 3, 1),
    )  # fmt: skip
    assert punished(other_shop)
    assert punished_now([shop.pk], day=DAY) == {}


@time_machine.travel(shanghai("2024-03-05 10:00"), tick=False)
def test_the_punished_shop_stands_first(signed_in: SignedIn, alice: User, shop: Shop) -> None:
    other = make_shop("zzz", name="别家")
    make_member(alice, other, Role.OWNER)
    violation(other, clause="6", executed="2024-03-04 10:00")
    with transaction.atomic():
        log_renew(shops=[other])
    shown = signed_in(alice).get("/").text
    table = shown[shown.index("<tbody") :]
    assert "处罚中，1 家" in table
    assert table.index("别家") < table.index(shop.name)
    assert shop.name not in signed_in(alice).get("/?view=punished").text.partition("<tbody")[2]
