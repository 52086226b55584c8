"""A decision is taken back by a step forward, as long as nothing came after it."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.test import Client

from stores.models import Appeal, AuditEntry, Shop, User, Violation
from stores.selectors.case_history import audit_of_case, last_decision
from stores.services.cases import (
    CaseRefusedError,
    appeal_file,
    appeal_refuse,
    appeal_uphold,
    case_execute,
    case_revoke,
    case_undo,
    case_weigh,
)
from stores.services.penalty_log import log_verify
from tests.conduct.violations import stands, violation
from tests.imports.files import shanghai

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    """It is ten o'clock on 5 March 2024 in Shanghai."""
    with time_machine.travel(shanghai("2024-03-05 10:00"), tick=False):
        yield


@pytest.fixture
def case(shop: Shop) -> Violation:
    """A general case of 25 points that was told today."""
    return violation(shop, state="pending", notified="2024-03-05 09:00")


def undone(dora: User, case: Violation) -> Violation:
    version = audit_of_case(case).count()
    case_undo(actor=dora, case=case, version=version, reason="点错了")
    case.refresh_from_db()
    return case


def test_an_execution_is_taken_back_with_its_points_and_penalty(
    dora: User, shop: Shop, case: Violation
) -> None:
    case_execute(actor=dora, case=case, reason="清楚")
    assert stands(shop, "2024-03-06")[0] == "25"
    assert undone(dora, case).state == "pending"
    assert case.executed_at is None
    assert stands(shop, "2024-03-06") == ["0", "0", "", "25", "25"]
    done, undo = AuditEntry.objects.order_by("pk")
    assert undo.action == "violation.undo"
    assert undo.after["undoes"] == done.pk
    assert log_verify().is_intact


def test_a_revocation_is_taken_back_to_what_was_executed_then(
    dora: User, shop: Shop, case: Violation
) -> None:
    case_execute(actor=dora, case=case, reason="清楚")
    case_revoke(actor=dora, case=case, reason="误判")
    assert undone(dora, case).state == "executed"
    assert stands(shop, "2024-03-06")[0] == "25"


def test_a_weighing_is_taken_back(dora: User, shop: Shop) -> None:
    case = violation(shop, clause="12", executed="2024-03-04 10:00")
    case_weigh(actor=dora, case=case, kind="severe", points=25, reason="重")
    undone(dora, case)
    assert (case.kind, case.points) == ("", None)


@pytest.mark.parametrize("decide", [appeal_refuse, appeal_uphold])
def test_a_decided_appeal_is_open_again(
    alice: User, dora: User, case: Violation, decide: Callable[..., None]
) -> None:
    appeal = appeal_file(actor=alice, case=case, statement="不是我们")
    decide(actor=dora, appeal=appeal, reason="看过了")
    assert undone(dora, case).state == "in_review"
    appeal.refresh_from_db()
    assert (appeal.state, appeal.answer, appeal.decided_at) == (Appeal.State.OPEN, "", None)
    appeal_refuse(actor=dora, appeal=appeal, reason="再看一遍")


def test_what_moved_on_is_not_taken_back(dora: User, case: Violation) -> None:
    case_execute(actor=dora, case=case, reason="清楚")
    seen = audit_of_case(case).count()
    case_revoke(actor=dora, case=case, reason="误判")
    with pytest.raises(CaseRefusedError, match="不能撤回"):
        case_undo(actor=dora, case=case, version=seen, reason="点错了")


def test_what_a_file_changed_since_is_not_taken_back(dora: User, case: Violation) -> None:
    case_execute(actor=dora, case=case, reason="清楚")
    Violation.objects.update(state="revoked")
    case.refresh_from_db()
    assert last_decision(case) is None


def test_taking_back_is_not_taken_back(dora: User, case: Violation) -> None:
    case_execute(actor=dora, case=case, reason="清楚")
    undone(dora, case)
    with pytest.raises(CaseRefusedError):
        undone(dora, case)


def test_an_appeal_is_not_taken_back_by_an_admin(alice: User, dora: User, case: Violation) -> None:
    appeal_file(actor=alice, case=case, statement="不是我们")
    with pytest.raises(CaseRefusedError):
        undone(dora, case)


def test_the_page_offers_it_with_a_reason(signed_in: SignedIn, dora: User, case: Violation) -> None:
    client, page = signed_in(dora), f"/admin-desk/penalties/{case.pk}/"
    case_execute(actor=dora, case=case, reason="清楚")
    address = f"{page}undo/1/"
    assert address in client.get(page).text
    client.post(address, {"reason": ""})
    assert Violation.objects.get().state == "executed"
    client.post(address, {"reason": "点错了"})
    assert Violation.objects.get().state == "pending"
    assert "撤回上一步" in client.get(page).text
