"""The doorbell. Messages carry ids, the ledger knows everything else; losing or doubling one of
them costs time, never a result. Unknown arguments are taken, so that old and new code may run
side by side during a deploy."""

import logging
from collections.abc import Mapping
from typing import Any

from celery import shared_task
from django.utils import timezone

from shopguard import nightly
from stores.models import State
from stores.selectors.runs import run_state, shards_failed
from stores.services.notices import notices_deliver
from stores.services.outbox import Topic, handles, outbox_relay
from stores.services.runs import shards_to_ring

logger = logging.getLogger(__name__)


@shared_task
def start_nightly(**_: Any) -> None:
    """Begin the run of the night that is due and ring for its first shards."""
    nightly.nights_start(now=timezone.now())
    outbox_relay()


@shared_task
def work_shard(shard_id: int, **_: Any) -> None:
    """Work one shard; ring for the next step's when it was the last of its own."""
    nightly.shard_work(shard_id=shard_id)
    outbox_relay()


@shared_task
def sweep(**_: Any) -> None:
    """Put the ledger right, deliver what waits, and ring again for shards nobody came for."""
    nightly.sweep(now=timezone.now())
    outbox_relay()
    for shard_id in shards_to_ring():
        work_shard.apply_async((shard_id,))


@handles(Topic.SHARDS_RING)
def ring(payload: Mapping[str, Any]) -> None:
    """Send a message for every waiting shard of a step that has just begun."""
    for shard_id in shards_to_ring(step_id=payload["step"]):
        work_shard.apply_async((shard_id,))


@handles(Topic.RUN_FINISHED)
def tell_end(payload: Mapping[str, Any]) -> None:
    """Put the end of a run in the log, a warning for every shard that failed, and tell admins."""
    run = run_state(run_id=payload["run"])
    logger.info("run %s: %s at %s", run, run.state, run.finished_at)
    for shard in shards_failed(run_id=run.pk):
        logger.warning("run %s: %s %s failed: %s", run, shard.step.name, shard.key, shard.error)
    if run.state != State.DONE:
        notices_deliver(kind="run_errors", key=str(run.pk), payload=payload)


@handles(Topic.NOTICE)
def tell_people(payload: Mapping[str, Any]) -> None:
    """Write the notifications of an event, for everybody its kind names."""
    notices_deliver(kind=payload["kind"], key=payload["key"], payload=payload)
