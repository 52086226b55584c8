"""The ledger: claims, fences, attempts, barriers and the ends of runs."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now

from stores.models import OutboxMessage, Run, Shard, State, Step
from stores.services.runs import (
    Claim,
    FencedOutError,
    leases_sweep,
    run_advance,
    shard_claim,
    shard_fail,
    shard_finish,
    shards_to_ring,
)
from tests.nightly.conftest import TWO_STEPS, a_run

pytestmark = pytest.mark.django_db
ReadShard = Callable[[str], Shard]


def claimed(shard: Shard) -> Claim:
    """A claim that must succeed."""
    claim = shard_claim(shard_id=shard.pk)
    assert claim is not None
    return claim


def lease_runs_out(shard: Shard) -> None:
    """The database's clock passes the end of the shard's lease."""
    Shard.objects.filter(pk=shard.pk).update(lease_until=Now() - timedelta(seconds=1))


def finish_step(run: Run, name: str) -> None:
    """Every shard of a step is worked and the run moves on."""
    for shard in Shard.objects.filter(step__run=run, step__name=name, state=State.PENDING):
        shard_finish(claim=claimed(shard))
    run_advance(run_id=run.pk, planners=TWO_STEPS)


def test_a_run_begins_with_its_first_step_planned_and_the_others_waiting(run: Run) -> None:
    states = list(run.steps.order_by("position").values_list("name", "state"))
    assert states == [("daily", State.RUNNING), ("scores", State.PENDING)]
    assert set(Shard.objects.values_list("key", flat=True)) == {"a", "b"}


def test_ensuring_a_run_twice_gives_the_same_run(run: Run) -> None:
    assert a_run().pk == run.pk
    assert Step.objects.count() == 2


def test_a_shard_is_claimed_once(shard: ReadShard) -> None:
    claim = claimed(shard("a"))
    assert (claim.step, claim.key, claim.shops, claim.fence, claim.attempt) == (
        "daily", "a", (1,), 1, 1,
    )  # fmt: skip
    assert shard_claim(shard_id=shard("a").pk) is None


def test_a_done_shard_is_never_claimed_again(shard: ReadShard) -> None:
    shard_finish(claim=claimed(shard("a")))
    before = shard("a")
    assert shard_claim(shard_id=before.pk) is None
    assert shard("a").finished_at == before.finished_at


def test_a_shard_whose_lease_ran_out_goes_to_the_next_worker_and_fences_the_first_out(
    shard: ReadShard,
) -> None:
    first = claimed(shard("a"))
    lease_runs_out(shard("a"))
    second = claimed(shard("a"))
    with pytest.raises(FencedOutError):
        shard_finish(claim=first)
    assert shard_fail(claim=first, error="too late") is False
    assert shard("a").state == State.RUNNING
    shard_finish(claim=second)
    assert shard("a").state == State.DONE


def test_a_worker_whose_shard_was_taken_back_is_fenced_out_though_nobody_claimed_it_yet(
    shard: ReadShard,
) -> None:
    claim = claimed(shard("a"))
    lease_runs_out(shard("a"))
    assert leases_sweep() == 1
    with pytest.raises(FencedOutError):
        shard_finish(claim=claim)
    assert shard("a").state == State.PENDING


def test_a_failing_shard_is_tried_again_until_its_attempts_are_used_up(shard: ReadShard) -> None:
    for attempt in (1, 2, 3):
        claim = claimed(shard("a"))
        assert claim.attempt == attempt
        assert shard_fail(claim=claim, error=f"try {attempt}") is (attempt == 3)
    failed = shard("a")
    assert (failed.state, failed.error) == (State.FAILED, "try 3")
    assert failed.finished_at is not None
    assert shard_claim(shard_id=failed.pk) is None


def test_a_worker_that_dies_three_times_leaves_a_failed_shard_with_the_reason(
    shard: ReadShard,
) -> None:
    for _ in range(3):
        claimed(shard("a"))
        lease_runs_out(shard("a"))
        leases_sweep()
    assert shard("a").state == State.FAILED
    assert "attempt 3 of 3 ended without a word" in shard("a").error


def test_a_shard_deserted_by_its_worker_is_taken_back_long_before_its_lease_ends(
    shard: ReadShard,
) -> None:
    claimed(shard("a"))
    assert leases_sweep() == 0
    Shard.objects.filter(key="a").update(started_at=Now() - timedelta(minutes=1))
    assert leases_sweep() == 1
    assert shard("a").state == State.PENDING


def test_the_next_step_waits_for_every_shard_of_the_one_before(run: Run, shard: ReadShard) -> None:
    shard_finish(claim=claimed(shard("a")))
    assert run_advance(run_id=run.pk, planners=TWO_STEPS) == []
    assert not Shard.objects.filter(step__name="scores").exists()
    shard_finish(claim=claimed(shard("b")))
    assert len(run_advance(run_id=run.pk, planners=TWO_STEPS)) == 3


def test_advancing_twice_plans_once(run: Run) -> None:
    finish_step(run, "daily")
    assert run_advance(run_id=run.pk, planners=TWO_STEPS) == []
    assert Shard.objects.filter(step__name="scores").count() == 3


def test_a_run_ends_done_and_tells_it_once(run: Run) -> None:
    finish_step(run, "daily")
    finish_step(run, "scores")
    run_advance(run_id=run.pk, planners=TWO_STEPS)
    run.refresh_from_db()
    assert run.state == State.DONE
    assert run.finished_at is not None
    assert OutboxMessage.objects.filter(key=f"run-finished:{run.pk}").count() == 1


def test_a_failed_shard_does_not_hold_the_barrier_and_the_run_ends_with_errors(
    run: Run, shard: ReadShard
) -> None:
    for _ in range(3):
        shard_fail(claim=claimed(shard("a")), error="poison")
    finish_step(run, "daily")
    finish_step(run, "scores")
    run.refresh_from_db()
    assert run.state == State.DONE_WITH_ERRORS
    steps = list(run.steps.order_by("position").values_list("state", flat=True))
    assert steps == [State.DONE_WITH_ERRORS, State.DONE]


def test_a_step_without_shards_is_passed_at_once(db: None) -> None:
    run = a_run()
    assert run_advance(run_id=run.pk, planners={"daily": list, "scores": list}) == []
    run.refresh_from_db()
    assert run.state == State.DONE


def test_a_step_the_code_no_longer_knows_fails_and_the_run_goes_on(db: None) -> None:
    run = a_run()
    assert len(run_advance(run_id=run.pk, planners={"scores": TWO_STEPS["scores"]})) == 3
    assert run.steps.get(name="daily").state == State.FAILED


def test_the_nightly_run_of_a_day_is_made_once_ever(run: Run) -> None:
    finish_step(run, "daily")
    finish_step(run, "scores")
    assert a_run().pk == run.pk


def test_recomputing_an_unfinished_day_joins_its_run(run: Run) -> None:
    assert a_run(trigger=Run.Trigger.RECOMPUTE).pk == run.pk


def test_recomputing_a_finished_day_is_a_new_run_with_the_next_sequence(run: Run) -> None:
    finish_step(run, "daily")
    finish_step(run, "scores")
    again = a_run(trigger=Run.Trigger.RECOMPUTE)
    assert (again.day, again.sequence) == (run.day, 2)


def test_the_bell_rings_once_and_again_after_a_while(run: Run, shard: ReadShard) -> None:
    both = [shard("a").pk, shard("b").pk]
    assert shards_to_ring() == both
    assert shards_to_ring() == []
    Shard.objects.filter(key="b").update(rung_at=Now() - timedelta(hours=1))
    assert shards_to_ring() == [shard("b").pk]


def test_a_shard_given_back_is_rung_for_at_once(shard: ReadShard) -> None:
    shards_to_ring()
    shard_fail(claim=claimed(shard("a")), error="once")
    assert shards_to_ring() == [shard("a").pk]


def test_opening_a_step_writes_its_bell_into_the_outbox_in_the_same_transaction(run: Run) -> None:
    step = run.steps.get(name="daily")
    message = OutboxMessage.objects.get(key=f"step-opened:{step.pk}")
    assert message.payload == {"step": step.pk}


def test_leases_are_read_from_the_clock_of_the_database(shard: ReadShard) -> None:
    claimed(shard("a"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        (now,) = cursor.fetchone()
    assert timedelta(seconds=590) < shard("a").lease_until - now <= timedelta(seconds=600)
