"""The doorbell. Messages carry ids, the ledger knows everything else; losing or doubling one of
them costs time, never a result. Unknown arguments are taken, so that old and new code may run
side by side during a deploy."""

import logging
from collections.abc import Mapping
from typing import Any

from celery import shared_task
from django.utils import timezone

from aftersales.services.auto import services_work
from shopguard import fresh_scores, nightly
from shopguard.sending import delivery_send
from stores.models import State
from stores.selectors.runs import run_state, shards_failed
from stores.services.deliveries import deliveries_claim
from stores.services.import_jobs import upload_work, uploads_sweep, uploads_to_ring
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
    uploads_sweep()
    services_work(now=timezone.now())
    fresh_scores.follow_imports(now=timezone.now())
    outbox_relay()
    for shard_id in shards_to_ring():
        work_shard.apply_async((shard_id,))
    ring_imports()


@shared_task
def relay(**_: Any) -> None:
    """Deliver what waits, between two sweeps."""
    outbox_relay()
    for key, attempt in deliveries_claim(now=timezone.now()):
        send_delivery.apply_async((key, attempt))


@shared_task
def send_delivery(key: int, attempt: int, **_: Any) -> None:
    """Send one notification by e-mail or webhook."""
    delivery_send(key=key, attempt=attempt)


@shared_task
def work_import(upload_id: int, **_: Any) -> None:
    """Check or import one file, ring for the next of its shop, and see to the new score."""
    upload_work(upload_id=upload_id)
    fresh_scores.follow_imports(now=timezone.now())
    ring_imports()
    outbox_relay()


def ring_imports() -> None:
    """Send a message for every file whose turn it is."""
    for upload_id in uploads_to_ring():
        work_import.apply_async((upload_id,))


@handles(Topic.IMPORT_RING)
def ring_import(payload: Mapping[str, Any]) -> None:
    """Send a message for a file that has just been confirmed, or is to be checked."""
    work_import.apply_async((payload["upload"],))


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
