"""Workers, sweepers and deaths in any order: the ledger keeps its promises after every move."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from hypothesis import settings as examples
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from stores.models import OutboxMessage, Run, Shard, State
from stores.services.outbox import Topic, outbox_put
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
from tests.nightly.conftest import a_run, plans

PLANNERS = {"daily": plans("a", "b"), "scores": plans("x")}
TERMINAL = {State.DONE, State.DONE_WITH_ERRORS, State.FAILED}
ROUNDS = 8
NUMBER = st.integers(min_value=0, max_value=2)


class Ledger(RuleBasedStateMachine):
    """One run, and workers that finish, fail, die, or wake up when others have gone on."""

    claims = Bundle("claims")

    @initialize()
    def begin(self) -> None:
        self.before = transaction.savepoint()
        self.run_id = a_run().pk
        self.ended: dict[int, tuple[str, Any]] = {}
        self.advance()

    def shards(self) -> list[Shard]:
        return list(Shard.objects.filter(step__run=self.run_id).order_by("pk"))

    def running(self) -> QuerySet[Shard]:
        return Shard.objects.filter(step__run=self.run_id, state=State.RUNNING)

    @rule()
    def advance(self) -> None:
        run_advance(run_id=self.run_id, planners=PLANNERS)

    @rule()
    def ensure_again(self) -> None:
        assert a_run().pk == self.run_id

    @rule(target=claims, number=NUMBER)
    def claim(self, number: int) -> Any:
        return self.claimed(number)

    def claimed(self, number: int) -> Any:
        claim = self.claim_of(number)
        return multiple() if claim is None else claim

    def claim_of(self, number: int) -> Claim | None:
        shards = self.shards()
        return shard_claim(shard_id=shards[number].pk) if number < len(shards) else None

    @rule(claim=claims)
    def finish(self, claim: Claim) -> None:
        """Also after a lost lease, and twice: a result is written only behind the fence."""
        try:
            with transaction.atomic():
                outbox_put(key=f"result:{claim}", topic=Topic.RUN_FINISHED, payload={})
                shard_finish(claim=claim)
        except FencedOutError:
            return
        assert self.is_newest(claim)

    @rule(claim=claims)
    def fail(self, claim: Claim) -> None:
        before = Shard.objects.get(pk=claim.shard_id)
        shard_fail(claim=claim, error="a reason")
        after = Shard.objects.get(pk=claim.shard_id)
        assert after.state == before.state or self.is_newest(claim)

    def is_newest(self, claim: Claim) -> bool:
        return Shard.objects.get(pk=claim.shard_id).fence == claim.fence

    @rule()
    def leases_run_out(self) -> None:
        self.running().update(lease_until=Now() - timedelta(seconds=1))

    @rule()
    def workers_die(self) -> None:
        """Their transactions are gone; the grace is over before anybody looks."""
        self.running().update(started_at=Now() - timedelta(hours=1))

    @rule(target=claims, number=NUMBER)
    def claim_over(self, number: int) -> Any:
        """A worker takes over what another one thinks it still holds."""
        self.running().update(lease_until=Now() - timedelta(seconds=1))
        return self.claimed(number)

    @rule()
    def sweep(self) -> None:
        leases_sweep()

    @rule()
    def ring(self) -> None:
        rung = set(shards_to_ring())
        assert rung <= {shard.pk for shard in self.shards() if shard.state == State.PENDING}

    @invariant()
    def attempts_are_counted_and_capped(self) -> None:
        for shard in self.shards():
            assert shard.fence == shard.attempts <= settings.SHARD_MAX_ATTEMPTS
            assert (shard.lease_until is not None) == (shard.state == State.RUNNING)
            assert bool(shard.error) or shard.state != State.FAILED

    @invariant()
    def what_has_ended_stays_as_it_is(self) -> None:
        for shard in self.shards():
            if shard.state in TERMINAL:
                now = (shard.state, shard.finished_at)
                assert self.ended.setdefault(shard.pk, now) == now

    @invariant()
    def every_done_shard_has_one_result_and_no_other_shard_has_any(self) -> None:
        results = OutboxMessage.objects.filter(key__startswith="result:").count()
        assert results == sum(shard.state == State.DONE for shard in self.shards())

    @invariant()
    def the_barrier_holds(self) -> None:
        first, second = Run.objects.get(pk=self.run_id).steps.order_by("position")
        if second.shards.exists():
            assert first.state in TERMINAL
            assert {shard.state for shard in first.shards.all()} <= TERMINAL

    def teardown(self) -> None:
        """Whatever happened, a few rounds of sweeping and working bring the run to its end."""
        for _ in range(ROUNDS):
            self.running().update(lease_until=Now() - timedelta(seconds=1))
            leases_sweep()
            for number in range(len(self.shards())):
                if (claim := self.claim_of(number)) is not None:
                    self.finish(claim)
            self.advance()
        run = Run.objects.get(pk=self.run_id)
        failed = any(shard.state == State.FAILED for shard in self.shards())
        assert run.state == (State.DONE_WITH_ERRORS if failed else State.DONE)
        assert OutboxMessage.objects.filter(key=f"run-finished:{run.pk}").count() == 1
        transaction.savepoint_rollback(self.before)


@pytest.mark.django_db
def test_no_order_of_events_breaks_the_ledger() -> None:
    run_state_machine_as_test(
        Ledger, settings=examples(max_examples=25, stateful_step_count=25, deadline=None)
    )
