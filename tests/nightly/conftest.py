"""A ledger with two plain steps, so that its rules can be seen without any score."""

from collections.abc import Callable
from datetime import date

import pytest

from stores.models import Run, Shard
from stores.services.runs import Planner, ShardPlan, run_advance, run_ensure

DAY_ZERO = date(2024, 3, 1)
STEP_NAMES = ("daily", "scores")


def plans(*keys: str) -> Planner:
    """A planner that cuts its step into shards of these keys."""
    return lambda: [ShardPlan(key, (number,)) for number, key in enumerate(keys, start=1)]


TWO_STEPS: dict[str, Planner] = {"daily": plans("a", "b"), "scores": plans("x", "y", "z")}


def a_run(*, day: date = DAY_ZERO, trigger: Run.Trigger = Run.Trigger.NIGHTLY) -> Run:
    """A run of the two steps that has not begun."""
    return run_ensure(
        day=day, rule_set="rules", rule_hash="0" * 16, steps=STEP_NAMES, trigger=trigger
    )


@pytest.fixture
def run(db: None) -> Run:
    """A run whose first step is open with the shards a and b."""
    run = a_run()
    run_advance(run_id=run.pk, planners=TWO_STEPS)
    return run


@pytest.fixture
def shard(run: Run) -> Callable[[str], Shard]:
    """Reads the shard of a key anew."""
    return lambda key: Shard.objects.get(step__run=run, key=key)
