"""The buyer's time leaves the shop's clock, and a step is due when it is said to be."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftersales.calc.case_clocks import (
    Mark,
    due_after,
    due_dates,
    shop_seconds,
    states_of,
    waited,
    waiting_seconds,
)
from aftersales.calc.case_states import BUYER_STATES, OPEN_STATES, STATES
from aftersales.rules import clock_book
from stores.calc.cells import MISSING

HOUR = 3600
RULES = clock_book().in_force(date(2024, 1, 1))
WALKS = st.lists(st.tuples(st.integers(0, 9 * 86_400), st.sampled_from(STATES)), max_size=12)


def marks_of(walk: list[tuple[int, str]]) -> list[Mark]:
    at, marks = 0, []
    for later, state in walk:
        at += later
        marks.append(Mark(at, state))
    return marks


@given(WALKS, st.integers(0, 10**6), st.integers(0, 10**5))
def test_waiting_is_the_length_of_the_stays_with_the_buyer(
    walk: list[tuple[int, str]], after: int, carried: int
) -> None:
    marks = marks_of(walk)
    until = (marks[-1].at if marks else 0) + after
    stays = zip(marks, [*marks[1:], Mark(until, "")], strict=False)
    expected = sum(nxt.at - mark.at for mark, nxt in stays if mark.state in BUYER_STATES)
    assert waiting_seconds(marks, until, carried=carried) == carried + expected


@given(WALKS, st.integers(0, 10**6))
def test_event_by_event_comes_to_the_same(walk: list[tuple[int, str]], after: int) -> None:
    marks = marks_of(walk)
    until = (marks[-1].at if marks else 0) + after
    total, state, since = 0, "", 0
    for mark in [*marks, Mark(until, "")]:
        total, state, since = waited(total, state, since, mark.at), mark.state, mark.at
    assert total == waiting_seconds(marks, until)


@given(WALKS, st.integers(0, 10**7))
def test_shop_and_buyer_share_the_whole_time(walk: list[tuple[int, str]], until: int) -> None:
    marks = [mark for mark in marks_of(walk) if mark.at <= until]
    waiting = waiting_seconds(marks, until)
    assert 0 <= waiting <= until
    assert shop_seconds(0, until, waiting) + waiting == until


@given(WALKS, st.integers(0, 10**6), st.integers(0, 10**6))
def test_waiting_only_grows(walk: list[tuple[int, str]], sooner: int, later: int) -> None:
    marks = marks_of(walk)
    first, second = sorted((sooner, sooner + later))
    assert waiting_seconds(marks, first) <= waiting_seconds(marks, second)


def test_an_imported_figure_larger_than_the_case_leaves_nothing_negative() -> None:
    assert shop_seconds(0, 100, 5000) == 0


@pytest.mark.parametrize(("state", "kind", "hours"), [
    ("review", "refund_unshipped", 24), ("review", "return_refund", 48),
    ("buyer_sends", "exchange", 7 * 24), ("receipt", "return_refund", 72),
    ("refund_due", "return_refund", 7 * 24),
])  # fmt: skip
def test_a_step_is_due_by_policy(state: str, kind: str, hours: int) -> None:
    assert due_after(RULES, state, kind, 1000) == 1000 + hours * HOUR


@pytest.mark.parametrize("state", ["platform", "completed", "cancelled"])
def test_nothing_of_the_shop_is_due_elsewhere(state: str) -> None:
    assert due_after(RULES, state, "exchange", 1000) == MISSING


def imported(**given_: object) -> dict[str, np.ndarray]:
    row = {
        "state": "", "outcome": "open", "kind": "return_refund", "return_tracking_no": "",
        "merchant_received_at": MISSING, "applied_at": 1_700_000_000, "deadline_at": MISSING,
        "waiting_buyer_seconds": MISSING, "state_since": MISSING,
    } | given_  # fmt: skip
    return {
        name: np.array([value], dtype=object if isinstance(value, str) else np.int64)
        for name, value in row.items()
    }


@pytest.mark.parametrize(("given_", "state"), [
    ({}, "review"),
    ({"outcome": "rejected", "state": "receipt"}, "rejected"),
    ({"state": "buyer_sends"}, "buyer_sends"),
    ({"return_tracking_no": "SF1"}, "receipt"),
    ({"state": "buyer_sends", "return_tracking_no": "SF1"}, "receipt"),
    ({"merchant_received_at": 1_700_000_900}, "refund_due"),
    ({"merchant_received_at": 1_700_000_900, "kind": "exchange"}, "ship_back"),
    ({"state": "platform", "merchant_received_at": 1_700_000_900}, "platform"),
    ({"state": "completed"}, "review"),
])  # fmt: skip
def test_the_state_of_an_imported_case(given_: dict[str, object], state: str) -> None:
    assert states_of(imported(**given_)).tolist() == [state]


@given(st.sampled_from(OPEN_STATES), st.integers(1_600_000_000, 1_900_000_000))
def test_the_records_own_deadline_counts_and_is_not_estimated(state: str, deadline: int) -> None:
    due, estimated = due_dates(clock_book(), imported(state=state, deadline_at=deadline))
    assert (due.tolist(), estimated.tolist()) == ([deadline], [0])


def test_without_one_the_policy_counts_and_says_so() -> None:
    due, estimated = due_dates(clock_book(), imported(state="review"))
    assert (due.tolist(), estimated.tolist()) == ([1_700_000_000 + 48 * HOUR], [1])
    due, estimated = due_dates(clock_book(), imported(state="receipt", state_since=1_700_100_000))
    assert due.tolist() == [1_700_100_000 + 72 * HOUR]


@pytest.mark.parametrize("state", ["completed", "rejected", "closed", "cancelled"])
def test_an_ended_case_is_not_due(state: str) -> None:
    due, estimated = due_dates(clock_book(), imported(state=state, deadline_at=1_800_000_000))
    assert (due.tolist(), estimated.tolist()) == ([MISSING], [0])
