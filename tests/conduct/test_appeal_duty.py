"""The overview tells owners which appeals are due, and by when."""

from datetime import datetime, timedelta

import pytest

from stores.duties import Line, lines_of
from stores.models import Appeal, Shop
from stores.selectors.cases import appeal_limit, appeals_against, cases_appealable
from stores.selectors.visit import Visit
from tests.conduct.violations import violation
from tests.factories import START, fill
from tests.imports.files import shanghai

pytestmark = pytest.mark.django_db
NOW = shanghai("2024-03-05 10:00")


def line_of(shop: Shop, role: str = "owner", now: datetime = NOW) -> Line | None:
    lines = lines_of(Visit(shop, role, now))
    return next((line for line in lines if line.name == "appeals_due"), None)


def test_the_line_counts_what_can_be_appealed_and_tells_the_first_deadline(shop: Shop) -> None:
    violation(shop, state="pending", notified="2024-03-05 09:00")
    violation(shop, clause="6", state="pending", notified="2024-03-02 09:00")
    violation(shop, clause="6", state="pending", notified="2024-03-01 09:00")
    violation(shop, executed="2024-03-04 09:00")
    line = line_of(shop)
    assert line is not None
    assert line.count == 2
    assert line.due_at == shanghai("2024-03-05 23:59").replace(second=59)
    assert line.tone == "watch"
    assert line.url == "/s/plum/conduct/"


def test_without_a_try_left_there_is_no_line(shop: Shop) -> None:
    case = violation(shop, state="pending", notified="2024-03-05 09:00")
    for attempt in (1, 2, 3):
        fill(
            Appeal, "x", shop=shop, violation_ref=case.external_id, attempt=attempt,
            state="refused", decided_at=START,
        )  # fmt: skip
    assert line_of(shop) is None


def test_who_may_not_enter_the_page_has_no_line(shop: Shop) -> None:
    violation(shop, state="pending", notified="2024-03-05 09:00")
    assert line_of(shop, "ops") is None
    assert line_of(shop, "admin") is not None


@pytest.mark.parametrize("clause", ["4", "6", "12"])
@pytest.mark.parametrize("refused", ["", "2024-03-04 00:00", "2024-03-04 23:59"])
@pytest.mark.parametrize("notified", ["2024-03-02 00:00", "2024-03-02 23:59"])
def test_the_database_and_the_rule_agree_on_the_last_second(
    shop: Shop, clause: str, refused: str, notified: str
) -> None:
    case = violation(shop, clause=clause, state="pending", notified=notified)
    if refused:
        fill(
            Appeal, "x", shop=shop, violation_ref=case.external_id, attempt=1, state="refused",
            decided_at=shanghai(refused),
        )  # fmt: skip
    limit = appeal_limit(case, appeals_against(case))
    assert limit is not None
    (found,) = cases_appealable(shop, now=limit)
    assert found.until == limit  # type: ignore[attr-defined]
    assert not cases_appealable(shop, now=limit + timedelta(seconds=1)).exists()
