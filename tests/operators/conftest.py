"""Runs in every state, made by hand, and the day they are of."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from servicescore.rules import score_book
from stores.models import Run, Shard, State, Step, User
from tests.conftest import DAY_ZERO
from tests.operators.second_factor import NOW, enrolled

STEPS = ("daily", "scores")


@pytest.fixture(scope="module", autouse=True)
def present(steady_present: None) -> None:
    """Every test here takes place at the steady present."""


def make_run(
    *, day: date = DAY_ZERO, state: State = State.DONE, sequence: int = 1, failed: int = 0
) -> Run:
    """A run with two steps of three shards each; ``failed`` of the first step's failed."""
    rules = score_book().in_force(day)
    is_open = state in (State.PENDING, State.RUNNING)
    run = Run.objects.create(
        day=day, rule_set=rules.id, rule_hash=rules.hash, sequence=sequence,
        trigger=Run.Trigger.NIGHTLY if sequence == 1 else Run.Trigger.RECOMPUTE, state=state,
        finished_at=None if is_open else timezone.now(),
    )  # fmt: skip
    for position, name in enumerate(STEPS, start=1):
        is_first = position == 1
        if is_open:
            step_state = State.RUNNING if is_first else State.PENDING
        else:
            step_state = State.DONE_WITH_ERRORS if is_first and failed else State.DONE
        began = timezone.now() - timedelta(seconds=90)
        step = Step.objects.create(
            run=run, position=position, name=name, state=step_state,
            started_at=None if step_state == State.PENDING else began,
            finished_at=None if step_state in (State.PENDING, State.RUNNING) else timezone.now(),
        )  # fmt: skip
        if step_state == State.PENDING:
            continue
        for number in range(3):
            has_failed = is_first and number < failed
            Shard.objects.create(
                step=step, key=f"{name}-{number}", shops=[1, 2],
                state=State.FAILED if has_failed else State.DONE,
                attempts=3 if has_failed else 1,
                error="ValueError: no rate (rates.py:7 in rate)" if has_failed else "",
                started_at=began, finished_at=timezone.now(),
            )  # fmt: skip
    return run


@pytest.fixture
def broken_run(db: None) -> Run:
    """A night that ended with one failed shard."""
    return make_run(state=State.DONE_WITH_ERRORS, failed=1)


@pytest.fixture
def open_run(db: None) -> Run:
    """A night under way whose first step has a failed shard."""
    return make_run(state=State.RUNNING, failed=1)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def with_app(dora: User, clock: time_machine.Traveller) -> User:
    """Dora after her enrolment, a minute later."""
    enrolled(dora)
    clock.move_to(NOW + timedelta(minutes=1))
    return dora
