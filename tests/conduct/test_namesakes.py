"""Two shops have a case of the same id, as platforms number them: neither hears of the other's."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.db import transaction
from django.http import QueryDict

from stores.models import Appeal, PenaltyLogRow, Shop, User, Violation
from stores.selectors.appeal_pack import appeal_pack, executed_cases
from stores.selectors.appeals import appeals_of, papers_of
from stores.selectors.case_history import audit_of_case, decisions_counted, last_decision
from stores.selectors.case_page import case_appealed, case_named, case_shown
from stores.selectors.cases import appeals_against, appeals_by_case, cases_appealable
from stores.selectors.penalty_filters import penalty_filters, violations_found
from stores.selectors.penalty_log import effects_due, effects_logged
from stores.services.appeal_papers import SentPaper
from stores.services.cases import (
    Fact,
    appeal_file,
    appeal_papers_add,
    appeal_refuse,
    case_execute,
    case_register,
    cases_settle,
)
from stores.services.penalty_log import GENESIS_HASH, log_renew
from tests.conduct.violations import violation
from tests.factories import START, make_order
from tests.imports.files import shanghai
from tests.lib.papers import pdf

pytestmark = pytest.mark.django_db
NOW = shanghai("2024-03-05 10:00")
DAY = date(2024, 3, 5)
PAPER = SentPaper("chat.pdf", "application/pdf", pdf(), "0" * 64)


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    """It is ten o'clock on 5 March 2024 in Shanghai."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def theirs(other_shop: Shop) -> Violation:
    """The case of the other shop, told today."""
    return violation(other_shop, id="V1", state="pending", notified="2024-03-05 09:00")


@pytest.fixture
def case(theirs: Violation, shop: Shop) -> Violation:
    """The shop's own, told today too."""
    return violation(shop, id="V1", state="pending", notified="2024-03-05 09:00")


def found(query: str) -> list[Violation]:
    return list(violations_found(penalty_filters(QueryDict(query), today=DAY)))


def test_each_is_found_in_its_own_shop(case: Violation, theirs: Violation) -> None:
    for each in (case, theirs):
        assert case_named(shop=each.shop, external_id="V1") == each
        assert list(cases_appealable(each.shop, now=NOW)) == [each]


def test_an_appeal_is_about_the_case_of_its_shop(
    case: Violation, theirs: Violation, alice: User, charlie: User
) -> None:
    for who, each in ((charlie, theirs), (alice, case)):
        appeal = appeal_file(actor=who, case=each, statement="不是我们", papers=[PAPER])
        assert case_appealed(appeal) == each
        assert appeals_against(each) == (appeal,)
        assert list(appeals_of(shop=each.shop)) == [appeal]
        assert [paper.appeal for paper in papers_of(shop=each.shop)] == [appeal]
        assert appeals_by_case([each.shop_id]) == {(each.shop_id, "V1"): (appeal,)}


def test_tries_of_the_other_shop_use_up_none(
    case: Violation, theirs: Violation, alice: User
) -> None:
    for attempt in (1, 2, 3):
        Appeal.objects.create(
            shop=theirs.shop, violation_ref="V1", attempt=attempt, statement="不是我们",
            filed_by="charlie", filed_at=START, state=Appeal.State.REFUSED, decided_at=START,
        )  # fmt: skip
    assert list(cases_appealable(case.shop, now=NOW)) == [case]
    assert list(cases_appealable(theirs.shop, now=NOW)) == []
    assert appeal_file(actor=alice, case=case, statement="不是我们").attempt == 1


def test_decisions_about_the_other_case_are_not_told_of_this_one(
    case: Violation, theirs: Violation, charlie: User, dora: User
) -> None:
    appeal = appeal_file(actor=charlie, case=theirs, statement="不是我们", papers=[PAPER])
    appeal_refuse(actor=dora, appeal=appeal, reason="看过了")
    case_execute(actor=dora, case=theirs, reason="清楚")
    assert last_decision(case) is None
    assert decisions_counted(cases=[theirs]) == {(theirs.shop_id, "V1"): 3}
    assert decisions_counted(cases=[case]) == {}
    assert not audit_of_case(case).exists()
    shown = case_shown(case, now=NOW)
    assert (shown.tries, shown.log, shown.tries_left) == ([], [], 3)
    assert shown.standing.points["general"] == 0


def test_the_log_of_penalties_is_narrowed_by_what_happened_to_each(
    case: Violation, theirs: Violation, charlie: User, dora: User
) -> None:
    appeal = appeal_file(actor=charlie, case=theirs, statement="不是我们")
    appeal_refuse(actor=dora, appeal=appeal, reason="看过了")
    assert found("appeal=none") == [case]
    assert found("appeal=refused") == [theirs]
    assert found("person=dora") == [theirs]


def test_what_holds_for_a_shop_is_what_its_own_records_say(
    case: Violation, theirs: Violation, charlie: User
) -> None:
    appeal_file(actor=charlie, case=theirs, statement="不是我们", papers=[PAPER])
    violation(theirs.shop, id="V2", executed="2024-03-04 10:00")
    assert executed_cases(case.shop) == []
    assert effects_due(case.shop, today=DAY).keys() == {"case:V1"}
    with transaction.atomic():
        log_renew(shops=[theirs.shop])
    assert effects_logged([case.shop_id]) == {}


def test_the_chain_of_a_shop_begins_with_its_own_first_line(
    case: Violation, theirs: Violation
) -> None:
    with transaction.atomic():
        assert [log_renew(shops=[each.shop]) for each in (theirs, case)] == [1, 1]
    assert PenaltyLogRow.objects.get(shop=case.shop).shop_previous == GENESIS_HASH


def test_what_speaks_for_a_case_is_of_its_shop(case: Violation, theirs: Violation) -> None:
    Violation.objects.update(order_ref="o1")
    for each in (theirs, case):
        make_order(each.shop, external_id="o1")
    for each in (theirs, case):
        each.refresh_from_db()
        order = appeal_pack(each).order
        assert order is not None
        assert order.shop == each.shop


def test_papers_are_added_to_the_appeal_of_its_shop(
    case: Violation, theirs: Violation, alice: User, charlie: User
) -> None:
    appeals = [
        appeal_file(actor=who, case=each, statement="不是我们")
        for who, each in ((charlie, theirs), (alice, case))
    ]
    assert appeal_papers_add(actor=alice, appeal=appeals[1], papers=[PAPER]) == 1
    assert [len(papers_of(shop=each.shop)) for each in (theirs, case)] == [0, 1]


def test_cases_of_the_desk_are_numbered_and_settled_shop_by_shop(
    shop: Shop, other_shop: Shop, dora: User
) -> None:
    fact = Fact(clause="4", occurred_at=NOW - timedelta(days=1), note="推诿")
    numbers = [
        case_register(actor=dora, shop=one, fact=fact).external_id[-4:]
        for one in (other_shop, other_shop, shop)
    ]
    assert numbers == ["0001", "0002", "0001"]
    assert cases_settle(shop_ids=[shop.pk], now=NOW + timedelta(days=30)) == 1
    states = Violation.objects.filter(state=Violation.State.PENDING).values_list("shop", flat=True)
    assert list(states) == [other_shop.pk, other_shop.pk]
