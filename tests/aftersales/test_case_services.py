"""People take cases from step to step; what they did stands in the events and the audit log."""

from datetime import timedelta

import pytest
import time_machine

from aftersales.calc.case_clocks import Mark, waiting_seconds
from aftersales.calc.case_states import IllegalStepError
from aftersales.models import AfterSaleCase, CaseEvent
from aftersales.services.cases import (
    CaseConflictError,
    Given,
    UndoRefusedError,
    case_chase,
    case_condition,
    case_contact,
    case_note,
    case_reply,
    case_step,
    case_undo,
)
from stores.models import AuditEntry, Shop, Touch, User
from tests.aftersales.conftest import MakeCase
from tests.conftest import DAY_ZERO, NOON_ZERO
from tests.factories import make_order

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Clock = time_machine.Traveller
REASON = Given(note="寄回时吊牌已剪", contact_at=NOON_ZERO)


def step(actor: User, case: AfterSaleCase, name: str, given: Given = REASON) -> AfterSaleCase:
    return case_step(
        actor=actor, shop=case.shop, case_ref=case.external_id, version=case.version, name=name,
        given=given,
    )  # fmt: skip


def test_a_return_goes_from_review_to_refund(clock: Clock, bob: User, make_case: MakeCase) -> None:
    case = step(bob, make_case(), "approve")
    assert (case.state, case.due_at, case.due_is_estimated) == (
        "buyer_sends", NOON_ZERO + 7 * DAY, True
    )  # fmt: skip
    clock.move_to(NOON_ZERO + 2 * DAY)
    case = step(bob, case, "sent", Given(tracking_no="SF77"))
    assert (case.state, case.return_tracking_no) == ("receipt", "SF77")
    assert case.waiting_buyer_seconds == 2 * 86_400
    clock.move_to(NOON_ZERO + 3 * DAY)
    case = step(bob, case, "receive")
    assert case.merchant_received_at == NOON_ZERO + 3 * DAY
    clock.move_to(NOON_ZERO + 3 * DAY + HOUR)
    case = step(bob, case, "refund")
    case.refresh_from_db()
    assert (case.state, case.outcome, case.refunded) == ("completed", "completed", 9900)
    assert case.closed_at == NOON_ZERO + 3 * DAY + HOUR
    assert (case.due_at, case.waiting_buyer_seconds) == (None, 2 * 86_400)


def test_the_events_give_the_waiting_time_again(
    clock: Clock, bob: User, make_case: MakeCase
) -> None:
    case = step(bob, make_case(kind="exchange"), "approve")
    for name, hours in (("sent", 30), ("receive", 40), ("ship_back", 45), ("confirm", 90)):
        clock.move_to(NOON_ZERO + hours * HOUR)
        case = step(bob, case, name)
    events = CaseEvent.objects.order_by("sequence")
    assert [event.name for event in events] == [
        "imported", "approve", "sent", "receive", "ship_back", "confirm",
    ]  # fmt: skip
    marks = [Mark(int(event.at.timestamp()), event.state_to) for event in events]
    assert case.closed_at is not None
    assert waiting_seconds(marks, int(case.closed_at.timestamp())) == case.waiting_buyer_seconds
    assert case.waiting_buyer_seconds == (30 + 45) * 3600


def test_an_imported_figure_stays_and_what_comes_after_is_added(
    clock: Clock, bob: User, make_case: MakeCase
) -> None:
    case = make_case(state="buyer_sends", waiting_buyer_seconds=5000, state_since=None)
    clock.move_to(NOON_ZERO + HOUR)
    assert step(bob, case, "sent").waiting_buyer_seconds == 5000 + 3600


def test_without_waiting_nothing_is_made_up(clock: Clock, bob: User, make_case: MakeCase) -> None:
    case = make_case(kind="refund_unshipped")
    assert step(bob, case, "refund").waiting_buyer_seconds is None


def test_ending_a_case_touches_its_day_and_the_day_of_signing(
    clock: Clock, shop: Shop, bob: User, make_case: MakeCase
) -> None:
    make_order(shop, external_id="o1", signed_at=NOON_ZERO - 5 * DAY)
    step(bob, make_case(), "approve")
    assert not Touch.objects.exists()
    step(bob, make_case("c2"), "reject")
    assert sorted(Touch.objects.values_list("day", flat=True)) == [DAY_ZERO - 5 * DAY, DAY_ZERO]


def test_a_refused_step_changes_nothing(clock: Clock, bob: User, make_case: MakeCase) -> None:
    case = make_case()
    for name, given, why in (
        ("refund", REASON, "kind"), ("sent", REASON, "state"),
        ("reject", Given(note="", contact_at=NOON_ZERO), "reason"),
        ("reject", Given(note="used"), "contact"),
    ):  # fmt: skip
        with pytest.raises(IllegalStepError) as refused:
            step(bob, case, name, given)
        assert refused.value.why == why
    case.refresh_from_db()
    assert (case.version, case.state) == (0, "review")
    assert not CaseEvent.objects.exists()
    assert not AuditEntry.objects.exists()


def test_of_two_who_decide_at_once_one_is_told_of_the_other(
    clock: Clock, alice: User, bob: User, make_case: MakeCase
) -> None:
    case = make_case()
    seen = AfterSaleCase.objects.get()
    step(bob, case, "approve")
    with pytest.raises(CaseConflictError) as conflict:
        step(alice, seen, "reject")
    assert conflict.value.last is not None
    assert (conflict.value.last.actor, conflict.value.last.name) == ("bob", "approve")
    assert AfterSaleCase.objects.get().state == "buyer_sends"


def test_a_recorded_contact_is_enough_for_a_rejection(
    clock: Clock, shop: Shop, bob: User, make_case: MakeCase
) -> None:
    case = make_case()
    case = case_contact(
        actor=bob, shop=shop, case_ref="c1", version=0, text="电话已说明 13812345678"
    )
    case = step(bob, case, "reject", Given(note="超过期限"))
    assert case.outcome == "rejected"
    assert "13812345678" not in str(list(CaseEvent.objects.values_list("note")))
    assert AuditEntry.objects.order_by("pk").last().reason == "超过期限"  # type: ignore[union-attr]


def test_the_first_answer_counts_and_an_answer_ends_the_chasing(
    clock: Clock, shop: Shop, bob: User, make_case: MakeCase
) -> None:
    make_case()
    case_chase(actor=bob, shop=shop, case_ref="c1", version=0)
    case = case_chase(actor=bob, shop=shop, case_ref="c1", version=1)
    assert case.chases == 2
    case = case_reply(actor=bob, shop=shop, case_ref="c1", version=2, text="稍等")
    clock.move_to(NOON_ZERO + HOUR)
    case = case_reply(actor=bob, shop=shop, case_ref="c1", version=3, text="好了")
    assert (case.chases, case.first_reply_at) == (0, NOON_ZERO)


def test_notes_and_conditions_leave_the_state(
    clock: Clock, shop: Shop, bob: User, make_case: MakeCase
) -> None:
    make_case()
    case_note(actor=bob, shop=shop, case_ref="c1", version=0, text="色号批次 A17")
    case = case_condition(actor=bob, shop=shop, case_ref="c1", version=1, condition="used")
    assert (case.state, case.condition, case.version) == ("review", "used", 2)


def test_a_step_is_taken_back(clock: Clock, shop: Shop, bob: User, make_case: MakeCase) -> None:
    due = NOON_ZERO + 3 * HOUR
    before = make_case(kind="refund_shipped", due_at=due, deadline_at=due)
    case = step(bob, before, "refund")
    case = case_undo(actor=bob, shop=shop, case_ref="c1", version=case.version)
    assert (case.state, case.outcome, case.closed_at, case.refunded) == (
        "review", "open", None, None
    )  # fmt: skip
    assert (case.due_at, case.deadline_at) == (due, due)
    assert list(Touch.objects.values_list("day", flat=True)) == [DAY_ZERO, DAY_ZERO]
    with pytest.raises(UndoRefusedError):
        case_undo(actor=bob, shop=shop, case_ref="c1", version=case.version)


def test_the_platform_takes_up_what_was_rejected(
    clock: Clock, bob: User, make_case: MakeCase
) -> None:
    case = step(bob, make_case(), "reject")
    case = step(bob, case, "involve")
    assert (case.state, case.outcome, case.closed_at, case.due_at) == (
        "platform", "open", None, None
    )  # fmt: skip
    assert step(bob, case, "rule_close").outcome == "closed"


def test_the_extension_moves_the_deadline_once(
    clock: Clock, bob: User, make_case: MakeCase
) -> None:
    case = make_case(state="receipt", due_at=NOON_ZERO, due_is_estimated=True)
    case = step(bob, case, "extend")
    assert (case.state, case.due_at) == ("receipt", NOON_ZERO + 3 * DAY)
    with pytest.raises(IllegalStepError):
        step(bob, case, "extend")
