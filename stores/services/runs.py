"""The ledger of runs as a state machine in the database.

Every decision is a locked row or a compare-and-set, every lease is read from the database's
clock, so any number of processes may call any of these at any time, twice, or die in between.
Nothing here sends a message: what has to be told goes to the outbox in the same transaction.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from stores.models import Run, Shard, State, Step
from stores.selectors.runs import OPEN, night_run, run_newest
from stores.services.outbox import Topic, outbox_put
from stores.services.penalty_log import log_head

ERROR_CHARS = 2000
# Where the advisory locks of shards begin, far from the small numbers others use.
SHARD_LOCKS = 0x5348_0000_0000_0000


class FencedOutError(Exception):
    """Somebody else holds the shard now; the transaction of the late worker must roll back."""


@dataclass(frozen=True)
class ShardPlan:
    """What one shard of a step covers: its key within the step and the shops' primary keys."""

    key: str
    shops: tuple[int, ...]


@dataclass(frozen=True)
class Claim:
    """One attempt at a shard. ``fence`` proves later that the attempt is still the newest."""

    shard_id: int
    run_id: int
    step: str
    key: str
    shops: tuple[int, ...]
    fence: int
    attempt: int


Planner = Callable[[], Sequence[ShardPlan]]


def run_ensure(
    *, day: date, rule_set: str, rule_hash: str, steps: Sequence[str], trigger: Run.Trigger
) -> Run:
    """The unfinished run of a day and rule set, or a new one with all its steps.

    The nightly trigger makes one run per day and rule set, ever; a recomputation of a finished day
    takes the next sequence number. Two callers at the same moment get the same run: the second
    insert meets the unique key and reads again.
    """
    while True:
        newest = run_newest(day=day, rule_set=rule_set)
        if newest is not None and newest.state in OPEN:
            return newest
        if trigger == Run.Trigger.NIGHTLY:
            already = night_run(day=day, rule_set=rule_set)
            if already is not None:
                return already
        sequence = newest.sequence + 1 if newest else 1
        try:
            with transaction.atomic():
                run = Run.objects.create(
                    day=day, rule_set=rule_set, rule_hash=rule_hash, sequence=sequence,
                    trigger=trigger,
                )  # fmt: skip
                Step.objects.bulk_create(
                    Step(run=run, position=position, name=name)
                    for position, name in enumerate(steps, start=1)
                )
        except IntegrityError:
            continue
        return run


def run_advance(
    *, run_id: int, planners: Mapping[str, Planner], doorbell: bool = True
) -> list[int]:
    """Close every step whose shards are all terminal and open the next one; end the run.

    Returns the shards planned by this call, none when another process was first or the barrier
    still waits. A step without shards ends at once. A step the code no longer knows (a deploy in
    the middle of a run) fails and the run goes on. ``doorbell=False`` leaves the ringing to the
    caller, who works the shards itself.
    """
    with transaction.atomic():
        # The weaker lock: inserts that refer to the run are not kept waiting.
        run = Run.objects.select_for_update(no_key=True).get(pk=run_id)
        if run.state not in OPEN:
            return []
        for step in run.steps.order_by("position"):
            if step.state == State.RUNNING and not _step_close(step):
                return []
            if step.state != State.PENDING:
                continue
            shards = _step_open(run, step, planners, doorbell)
            if shards:
                return shards
        _run_end(run)
        return []


def _step_close(step: Step) -> bool:
    states = set(step.shards.values_list("state", flat=True).distinct())
    if states & set(OPEN):
        return False
    step.state = State.DONE_WITH_ERRORS if State.FAILED in states else State.DONE
    Step.objects.filter(pk=step.pk).update(state=step.state, finished_at=Now())
    return True


def _step_open(run: Run, step: Step, planners: Mapping[str, Planner], doorbell: bool) -> list[int]:
    planner = planners.get(step.name)
    plans = planner() if planner else ()
    if not plans:
        step.state = State.DONE if planner else State.FAILED
        Step.objects.filter(pk=step.pk).update(
            state=step.state, started_at=Now(), finished_at=Now()
        )
        return []
    # A caller that works the shards itself counts as having rung: the sweeper waits its turn.
    rung_at = None if doorbell else Now()
    shards = Shard.objects.bulk_create(
        Shard(step=step, key=plan.key, shops=list(plan.shops), rung_at=rung_at) for plan in plans
    )
    Step.objects.filter(pk=step.pk).update(state=State.RUNNING, started_at=Now())
    if run.state == State.PENDING:
        run.state = State.RUNNING
        Run.objects.filter(pk=run.pk).update(state=State.RUNNING)
    if doorbell:
        outbox_put(key=f"step-opened:{step.pk}", topic=Topic.SHARDS_RING, payload={"step": step.pk})
    return [shard.pk for shard in shards]


def _run_end(run: Run) -> None:
    bad = run.steps.exclude(state=State.DONE).exists()
    state = State.DONE_WITH_ERRORS if bad else State.DONE
    head, row = log_head()
    Run.objects.filter(pk=run.pk).update(state=state, finished_at=Now(), log_head=head, log_row=row)
    # Who asked for a recomputation sees its end; a night, or an end with errors, has to be told.
    if bad or run.trigger == Run.Trigger.NIGHTLY:
        outbox_put(key=f"run-finished:{run.pk}", topic=Topic.RUN_FINISHED, payload={"run": run.pk})


def shard_claim(*, shard_id: int) -> Claim | None:
    """Take a shard for one lease, or None: done, held by another, or out of attempts.

    One statement, so that of two workers rung for the same shard exactly one gets it.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE stores_shard AS shard
            SET state = 'running', fence = fence + 1, attempts = attempts + 1,
                lease_until = statement_timestamp() + make_interval(secs => %s),
                started_at = statement_timestamp()
            FROM stores_step AS step
            WHERE shard.id = %s AND step.id = shard.step_id AND attempts < %s
              AND (shard.state = 'pending'
                   OR (shard.state = 'running' AND lease_until < statement_timestamp()))
            RETURNING step.run_id, step.name, shard.key, shard.shops, fence, attempts
            """,
            [settings.SHARD_LEASE_SECONDS, shard_id, settings.SHARD_MAX_ATTEMPTS],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    run_id, step, key, shops, fence, attempt = row
    return Claim(shard_id, run_id, step, key, tuple(shops), fence, attempt)


def shard_hold(*, claim: Claim) -> None:
    """Open the transaction of an attempt: show that its worker lives, and bound it by the lease.

    The advisory lock ends with the transaction or with the worker, so the sweeper can tell a dead
    worker from a slow one at once. The time limits are for a worker that is frozen or cut off: its
    session would keep its row locks for ever and the next worker waiting.
    """
    if claim.attempt > 1 and _held(claim).exists():
        _evict([claim.shard_id])
    limit = f"{int(settings.SHARD_LEASE_SECONDS * 1000)}ms"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('idle_in_transaction_session_timeout', %s, true),"
            " set_config('statement_timeout', %s, true), pg_advisory_xact_lock(%s)",
            [limit, limit, SHARD_LOCKS + claim.shard_id],
        )


def _evict(shard_ids: Sequence[int]) -> None:
    """End the sessions that still hold the lock of these shards, and with them their row locks.

    A time limit alone does not reach a worker that was frozen while it sent rows: the server waits
    for the rest of them. Nobody else takes these locks, so the holder is a worker of the past.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT pg_terminate_backend(pid) FROM pg_locks
            WHERE locktype = 'advisory' AND objsubid = 1 AND granted
              AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
              AND (classid::bigint << 32 | objid::bigint) = ANY(%s) AND pid <> pg_backend_pid()
            """,
            [[SHARD_LOCKS + shard_id for shard_id in shard_ids]],
        )


def shard_finish(*, claim: Claim) -> None:
    """Mark the shard done, as the last statement of the transaction that holds its results.

    Raises FencedOutError when the attempt is no longer the newest; the caller's transaction then
    rolls back and nothing of a late worker is kept.
    """
    done = _held(claim).update(state=State.DONE, lease_until=None, finished_at=Now())
    if not done:
        raise FencedOutError(f"shard {claim.shard_id} was taken over after attempt {claim.attempt}")


def shard_fail(*, claim: Claim, error: str) -> bool:
    """Give a shard back with the reason, or fail it for good when its attempts are used up.

    Returns whether it is final. An attempt that was taken over changes nothing.
    """
    final = claim.attempt >= settings.SHARD_MAX_ATTEMPTS
    changed = _held(claim).update(
        state=State.FAILED if final else State.PENDING,
        lease_until=None,
        rung_at=None,
        finished_at=Now() if final else None,
        error=error[:ERROR_CHARS],
    )
    return final and bool(changed)


def leases_sweep() -> int:
    """Take back every shard whose worker is gone; those out of attempts fail. Returns how many.

    Gone means: the lease is over, or the worker's transaction ended without a word and the grace
    between its statements is over. Rows another sweeper has locked are his.
    """
    with transaction.atomic():
        late = list(_unlocked(Q(state=State.RUNNING, lease_until__lt=Now())))
        _evict([shard.pk for shard in late])
        lost = _deserted() + late
        spent = Q(state=State.PENDING, attempts__gte=settings.SHARD_MAX_ATTEMPTS)
        rows = {shard.pk: shard for shard in [*lost, *_unlocked(spent)]}
        for shard in rows.values():
            _take_back(shard)
    return len(rows)


def _unlocked(condition: Q) -> QuerySet[Shard]:
    rows = Shard.objects.select_for_update(no_key=True, skip_locked=True)
    return rows.filter(condition).order_by("pk")


def _deserted() -> list[Shard]:
    """Running shards whose lock nobody holds: their worker died after the claim.

    Written with OFFSET 0 so that the lock is tried for the rows of the inner query only.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT id, attempts FROM (
                SELECT id, attempts FROM stores_shard
                WHERE state = 'running'
                  AND started_at < statement_timestamp() - make_interval(secs => %s)
                ORDER BY id OFFSET 0
            ) AS old
            WHERE pg_try_advisory_xact_lock(%s + id)
            """,
            [settings.SHARD_GRACE_SECONDS, SHARD_LOCKS],
        )
        attempts = dict(cursor.fetchall())
    rows = _unlocked(Q(pk__in=attempts, state=State.RUNNING))
    # Taken over between the two statements: then it is another, living attempt.
    return [shard for shard in rows if shard.attempts == attempts[shard.pk]]


def _take_back(shard: Shard) -> None:
    cap = settings.SHARD_MAX_ATTEMPTS
    final = shard.attempts >= cap
    if shard.state == State.RUNNING:
        shard.error = (
            f"attempt {shard.attempts} of {cap} ended without a word"
            " (worker killed, frozen, or slower than its lease)"
        )
    Shard.objects.filter(pk=shard.pk).update(
        state=State.FAILED if final else State.PENDING,
        lease_until=None,
        rung_at=None,
        finished_at=Now() if final else None,
        error=shard.error,
    )


def shards_to_ring(*, step_id: int | None = None) -> list[int]:
    """The waiting shards a bell has to be rung for now, marked as rung.

    Those of one step, or (for the sweeper) all that were not rung for a while, the oldest first
    and at most SWEEP_RINGS of them: a queue that is merely long is not flooded with doubles.
    """
    waiting = Shard.objects.filter(state=State.PENDING, step__state=State.RUNNING)
    late = Now() - timedelta(seconds=settings.RING_AGAIN_SECONDS)
    wanted = (
        waiting.filter(Q(rung_at=None) | Q(rung_at__lt=late))
        if step_id is None
        else waiting.filter(step=step_id)
    )
    most = settings.SWEEP_RINGS if step_id is None else None
    with transaction.atomic():
        rows = wanted.select_for_update(of=("self",), no_key=True, skip_locked=True)
        ids = [shard.pk for shard in rows.order_by("pk")[:most]]
        Shard.objects.filter(pk__in=ids).update(rung_at=Now())
    return ids


def _held(claim: Claim) -> QuerySet[Shard]:
    return Shard.objects.filter(pk=claim.shard_id, state=State.RUNNING, fence=claim.fence)
