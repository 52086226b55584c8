"""Trying again what failed, as an operator's decision: audited, and told by the outbox.

Within an open run a failed shard gets its attempts back. A run that has ended is not opened again,
because its scores are out: the day gets another run, which computes from the same facts and adds a
revision only where a result differs.
"""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from stores.models import Run, Shard, State, User
from stores.selectors.runs import OPEN
from stores.services.audit import audit_record
from stores.services.outbox import Topic, outbox_put
from stores.services.runs import run_ensure


class RetryRefusedError(Exception):
    """There is nothing to try again; the text says why, in the person's language."""


@transaction.atomic
def shard_retry(*, actor: User | str, shard_id: int, reason: str = "") -> Shard:
    """Give a failed shard of an open run its attempts back and ring for it.

    Raises Shard.DoesNotExist, and RetryRefusedError when the shard did not fail or its run has
    ended meanwhile.
    """
    run_id = Shard.objects.values_list("step__run", flat=True).get(pk=shard_id)
    # The run first, as run_advance does: a barrier cannot close between these two statements.
    run = Run.objects.select_for_update(no_key=True).get(pk=run_id)
    shard = Shard.objects.select_for_update(no_key=True).get(pk=shard_id)
    if run.state not in OPEN or shard.step.state not in OPEN:
        raise RetryRefusedError(_("这一步已经结束。要再算一次，请为这一天再运行一次。"))
    if shard.state != State.FAILED:
        raise RetryRefusedError(_("这个分片没有失败，不用重试。"))
    before = {"state": shard.state, "attempts": shard.attempts}
    shard.state, shard.attempts = State.PENDING, 0
    shard.rung_at = shard.finished_at = None
    shard.save(update_fields=["state", "attempts", "rung_at", "finished_at"])
    outbox_put(
        key=f"shard-retry:{shard.pk}:{shard.fence}",
        topic=Topic.SHARDS_RING,
        payload={"step": shard.step_id},
    )
    audit_record(
        actor=actor,
        action="shard.retry",
        object_type="shard",
        object_id=str(shard.pk),
        before=before,
        after={
            "state": shard.state,
            "attempts": 0,
            "run": str(run),
            "step": shard.step.name,
            "key": shard.key,
            "failed_with": shard.error,
        },
        reason=reason,
    )
    return shard


@transaction.atomic
def run_retry(
    *, actor: User | str, run_id: int, rule_hash: str, steps: Sequence[str], reason: str = ""
) -> Run:
    """Begin another run of the day of a run that ended with errors; returns the new one.

    ``rule_hash`` and ``steps`` are those in force now. Raises Run.DoesNotExist, and
    RetryRefusedError when nothing failed or a later run of the day exists.
    """
    run = Run.objects.select_for_update(no_key=True).get(pk=run_id)
    if run.state not in (State.DONE_WITH_ERRORS, State.FAILED):
        raise RetryRefusedError(_("这次运行没有出错，不用重试。"))
    again = run_ensure(
        day=run.day, rule_set=run.rule_set, rule_hash=rule_hash, steps=steps,
        trigger=Run.Trigger.RECOMPUTE,
    )  # fmt: skip
    if again.sequence > run.sequence + 1:
        raise RetryRefusedError(_("这一天之后已经又运行过。请看最新的一次。"))
    audit_record(
        actor=actor,
        action="run.retry",
        object_type="run",
        object_id=str(run.pk),
        before={"state": run.state, "run": str(run)},
        after={"run": str(again), "id": again.pk},
        reason=reason,
    )
    return again
