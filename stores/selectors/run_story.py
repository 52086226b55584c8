"""The newest runs in words: what each step did, how long it took, and what waits."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from stores.models import OutboxMessage, Run, State, Step


@dataclass(frozen=True)
class StepStory:
    """One step of a run with its shards counted."""

    name: str
    state: str
    started_at: datetime | None
    finished_at: datetime | None
    shards: int
    done: int
    failed: int
    running: int
    retried: int


def runs_latest(*, count: int) -> list[Run]:
    """The runs begun last, the newest first."""
    return list(Run.objects.order_by("-pk")[:count])


def steps_told(*, run_id: int) -> list[StepStory]:
    """The steps of a run in order."""
    steps = Step.objects.filter(run=run_id).annotate(
        shards_n=Count("shards"),
        done_n=Count("shards", filter=Q(shards__state=State.DONE)),
        failed_n=Count("shards", filter=Q(shards__state=State.FAILED)),
        running_n=Count("shards", filter=Q(shards__state=State.RUNNING)),
        retried_n=Count("shards", filter=Q(shards__attempts__gt=1)),
    )
    return [
        StepStory(
            name=step.name,
            state=step.state,
            started_at=step.started_at,
            finished_at=step.finished_at,
            shards=step.shards_n,
            done=step.done_n,
            failed=step.failed_n,
            running=step.running_n,
            retried=step.retried_n,
        )
        for step in steps.order_by("position")
    ]


def messages_waiting() -> tuple[int, datetime | None]:
    """How many messages of the outbox wait, and since when the oldest does."""
    waiting = OutboxMessage.objects.filter(delivered_at=None).order_by("created_at")
    return waiting.count(), waiting.values_list("created_at", flat=True).first()
