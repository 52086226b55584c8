"""A case goes only where its machine leads, and a refusal says why."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftersales.calc.case_states import (
    ENDED_STATES,
    EVERY_KIND,
    OPEN_STATES,
    STATES,
    STEP_NAMES,
    STEPS,
    IllegalStepError,
    next_step,
    step_from,
    steps_from,
)

KINDS = sorted(EVERY_KIND)
ALLOWED = {(step.before, kind, step.name) for step in STEPS for kind in step.kinds}


@pytest.mark.parametrize("name", [*STEP_NAMES, "fly"])
@pytest.mark.parametrize("state", STATES)
def test_a_step_is_taken_where_the_table_has_it_and_nowhere_else(state: str, name: str) -> None:
    for kind in KINDS:
        if (state, kind, name) in ALLOWED:
            step = step_from(state, kind, name, reason="because", has_contact=True)
            assert (step.before, step.name) == (state, name)
            assert step.after in STATES
        else:
            with pytest.raises(IllegalStepError) as refused:
                step_from(state, kind, name, reason="because", has_contact=True)
            assert refused.value.why in ("state", "kind", "unknown")


@pytest.mark.parametrize("state", ["review", "receipt"])
def test_a_rejection_needs_a_reason_and_a_contact(state: str) -> None:
    with pytest.raises(IllegalStepError) as silent:
        step_from(state, "return_refund", "reject", reason=" ", has_contact=True)
    assert silent.value.why == "reason"
    with pytest.raises(IllegalStepError) as alone:
        step_from(state, "return_refund", "reject", reason="used for weeks")
    assert alone.value.why == "contact"
    assert step_from(state, "return_refund", "reject", reason="used", has_contact=True)


def test_the_receipt_is_extended_once() -> None:
    assert step_from("receipt", "exchange", "extend").after == "receipt"
    with pytest.raises(IllegalStepError) as again:
        step_from("receipt", "exchange", "extend", is_extended=True)
    assert again.value.why == "once"
    assert "extend" not in [s.name for s in steps_from("receipt", "exchange", is_extended=True)]


def test_of_a_state_and_kind_each_step_leads_to_one_state() -> None:
    for state in STATES:
        for kind in KINDS:
            names = [step.name for step in steps_from(state, kind)]
            assert len(names) == len(set(names))


@pytest.mark.parametrize("kind", KINDS)
def test_every_case_can_end(kind: str) -> None:
    reached = {"review"}
    while more := {s.after for state in reached for s in steps_from(state, kind)} - reached:
        reached |= more
    assert set(ENDED_STATES) - {"closed"} <= reached
    assert all(steps_from(state, kind) for state in reached & set(OPEN_STATES))


@given(st.sampled_from(KINDS), st.lists(st.sampled_from(STEP_NAMES), max_size=12))
def test_walking_never_leaves_the_states_and_only_the_platform_reopens(
    kind: str, names: list[str]
) -> None:
    state = "review"
    for name in names:
        try:
            step = step_from(state, kind, name, reason="because", has_contact=True)
        except IllegalStepError:
            continue
        assert state not in ENDED_STATES or step.by == "platform"
        state = step.after
    assert state in STATES


@pytest.mark.parametrize(("state", "kind", "name"), [
    ("review", "refund_unshipped", "refund"), ("review", "return_refund", "approve"),
    ("receipt", "return_refund", "receive"), ("receipt", "exchange", "receive"),
    ("refund_due", "return_refund", "refund"), ("ship_back", "exchange", "ship_back"),
    ("buyer_sends", "return_refund", ""), ("completed", "exchange", ""),
])  # fmt: skip
def test_what_the_shop_does_next(state: str, kind: str, name: str) -> None:
    assert next_step(state, kind) == name
