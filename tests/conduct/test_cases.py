"""Cases kept here go their way: appealed in time, refused, upheld, executed by silence."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine

from stores.models import Appeal, AuditEntry, Shop, Touch, User, Violation
from stores.selectors.cases import appeal_limit, appeals_against
from stores.services.cases import (
    CaseRefusedError,
    Fact,
    appeal_file,
    appeal_refuse,
    appeal_uphold,
    case_execute,
    case_register,
    case_revoke,
    case_weigh,
    cases_decide,
    cases_settle,
)
from tests.conduct.violations import stands, violation
from tests.imports.files import shanghai

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """It is ten o'clock on 5 March 2024 in Shanghai."""
    with time_machine.travel(shanghai("2024-03-05 10:00"), tick=False) as traveller:
        yield traveller


def registered(dora: User, shop: Shop, clause: str = "4") -> Violation:
    fact = Fact(clause=clause, occurred_at=shanghai("2024-03-04 10:00"), note="把责任推给平台")
    return case_register(actor=dora, shop=shop, fact=fact)


def limit_of(case: Violation) -> datetime | None:
    case.refresh_from_db()
    return appeal_limit(case, appeals_against(case))


def state_of(case: Violation) -> str:
    case.refresh_from_db()
    return case.state


@pytest.mark.parametrize(("clause", "last"), [("4", "2024-03-12 23:59"), ("6", "2024-03-08 23:59")])
def test_the_time_to_appeal_ends_with_the_seventh_or_third_day(
    dora: User, shop: Shop, clause: str, last: str
) -> None:
    case = registered(dora, shop, clause)
    assert limit_of(case) == shanghai(last) + timedelta(seconds=59)


def test_an_appeal_in_the_last_minute_is_in_time(
    dora: User, alice: User, shop: Shop, clock: time_machine.Traveller
) -> None:
    case = registered(dora, shop)
    clock.move_to(shanghai("2024-03-12 23:59") + timedelta(seconds=59))
    appeal_file(actor=alice, case=case, statement="对话是另一家店的")
    assert state_of(case) == "in_review"


def test_a_second_later_it_is_too_late_and_silence_executes(
    dora: User, alice: User, shop: Shop, clock: time_machine.Traveller
) -> None:
    case = registered(dora, shop)
    clock.move_to(shanghai("2024-03-13 00:00"))
    with pytest.raises(CaseRefusedError, match="期限已过"):
        appeal_file(actor=alice, case=case, statement="晚了")
    clock.move_to(shanghai("2024-03-20 03:00"))
    assert cases_settle(shop_ids=[shop.pk], now=shanghai("2024-03-20 03:00")) == 1
    assert state_of(case) == "executed"
    assert case.executed_at == shanghai("2024-03-13 00:00")
    assert stands(shop, "2024-03-14")[2] == "general_25"
    assert cases_settle(shop_ids=[shop.pk], now=shanghai("2024-03-20 03:00")) == 0


def test_a_refusal_gives_three_days_and_the_third_executes(
    dora: User, alice: User, shop: Shop
) -> None:
    case = registered(dora, shop)
    for attempt in (1, 2, 3):
        appeal = appeal_file(actor=alice, case=case, statement=f"第 {attempt} 次")
        appeal_refuse(actor=dora, appeal=appeal, reason="证据不足")
        expected = "executed" if attempt == 3 else "pending"
        assert state_of(case) == expected
    assert limit_of(case) == shanghai("2024-03-08 23:59") + timedelta(seconds=59)
    with pytest.raises(CaseRefusedError, match="3 次"):
        appeal_file(actor=alice, case=case, statement="第 4 次")
    assert Appeal.objects.count() == 3


def test_a_fourth_try_is_refused_even_when_a_file_says_pending_again(
    dora: User, alice: User, shop: Shop
) -> None:
    case = registered(dora, shop)
    for _ in range(3):
        appeal = appeal_file(actor=alice, case=case, statement="请再看")
        appeal_refuse(actor=dora, appeal=appeal, reason="证据不足")
    Violation.objects.update(state="pending")
    with pytest.raises(CaseRefusedError, match="3 次"):
        appeal_file(actor=alice, case=case, statement="第 4 次")


def test_an_upheld_appeal_takes_back_points_and_penalty_and_touches_the_day(
    dora: User, alice: User, shop: Shop, clock: time_machine.Traveller
) -> None:
    earlier = violation(shop, executed="2024-03-01 10:00")
    case = registered(dora, shop)
    appeal = appeal_file(actor=alice, case=case, statement="买家承认认错了店")
    clock.shift(timedelta(days=1))
    appeal_uphold(actor=dora, appeal=appeal, reason="聊天记录证实")
    assert state_of(case) == "revoked"
    assert stands(shop, "2024-03-07")[0] == "25"
    assert Touch.objects.get().day.isoformat() == "2024-03-04"
    assert state_of(earlier) == "executed"


def test_points_taken_back_after_the_penalty_ran(dora: User, shop: Shop) -> None:
    case = registered(dora, shop)
    case_execute(actor=dora, case=case, reason="事实清楚")
    assert stands(shop, "2024-03-06")[:3] == ["25", "0", "general_25"]
    case_revoke(actor=dora, case=case, reason="复查后撤销")
    assert stands(shop, "2024-03-06")[:3] == ["0", "0", ""]
    told = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(told)[-3:] == ["violation.register", "violation.execute", "violation.revoke"]


def test_an_imported_case_past_its_deadline_is_not_executed_by_silence(shop: Shop) -> None:
    case = violation(shop, notified="2024-02-01 10:00", state="pending")
    assert cases_settle(shop_ids=[shop.pk], now=shanghai("2024-03-05 10:00")) == 0
    assert state_of(case) == "pending"


def test_a_reviewer_weighs_only_what_the_rule_leaves_open(dora: User, shop: Shop) -> None:
    fixed, left_open = registered(dora, shop), registered(dora, shop, "12")
    with pytest.raises(CaseRefusedError, match="不能改"):
        case_weigh(actor=dora, case=fixed, kind="severe", points=50, reason="加重")
    case_weigh(actor=dora, case=left_open, kind="severe", points=50, reason="情节严重")
    case_execute(actor=dora, case=left_open, reason="事实清楚")
    assert stands(shop, "2024-03-06")[:3] == ["0", "50", "severe_50"]


def test_a_decision_on_several_is_all_or_none(dora: User, shop: Shop) -> None:
    cases = [registered(dora, shop) for _ in range(3)]
    case_revoke(actor=dora, case=cases[1], reason="重复登记")
    with pytest.raises(CaseRefusedError):
        cases_decide(actor=dora, cases=cases, move="execute", reason="批量执行")
    assert {state_of(case) for case in cases} == {"pending", "revoked"}
    done = cases_decide(actor=dora, cases=[cases[0], cases[2]], move="execute", reason="批量执行")
    assert done == 2


def test_every_decision_asks_for_a_reason(dora: User, shop: Shop) -> None:
    case = registered(dora, shop)
    for decide in (case_execute, case_revoke):
        with pytest.raises(CaseRefusedError, match="理由"):
            decide(actor=dora, case=case, reason="  ")


def test_a_clause_that_was_not_in_force_cannot_be_registered(dora: User, shop: Shop) -> None:
    with pytest.raises(CaseRefusedError, match="还没有生效"):
        registered(dora, shop, "unattended")
