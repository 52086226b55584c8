"""Whether the ledgers of imports, runs and messages are consistent: lines that name each breach."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.db.models import Count, F, Max, Min, Q, Sum
from django.db.models.functions import Now

from stores.models import ImportBatch, ImportChunk, OutboxMessage, Run, Shard, State, Step

OPEN = (State.PENDING, State.RUNNING)
COUNTS = ("rows", "new", "changed", "unchanged", "rejected", "warnings")


@dataclass
class Findings:
    """How many records were looked at, by name, and what is wrong with which of them."""

    counts: dict[str, int] = field(default_factory=dict)
    breaches: list[str] = field(default_factory=list)


def imports_checked() -> Findings:
    """Rows = new + changed + unchanged + rejected, in every chunk and in every batch (I2).

    A batch that was taken has the sums of its chunks, which are numbered without a gap.
    """
    parts = F("new") + F("changed") + F("unchanged") + F("rejected")
    found = Findings({"files": ImportBatch.objects.count(), "chunks": ImportChunk.objects.count()})
    for chunk in ImportChunk.objects.exclude(rows=parts):
        found.breaches.append(f"chunk {chunk}: {chunk.rows} rows are not the sum of their fates")
    applied = ImportBatch.objects.filter(status=ImportBatch.Status.APPLIED)
    for batch in applied.exclude(rows=parts):
        found.breaches.append(
            f"import {batch.pk}: {batch.rows} rows are not the sum of their fates"
        )
    sums = {f"sum_{name}": Sum(f"chunks__{name}", default=0) for name in COUNTS}
    differ = Q()
    for name in COUNTS:
        differ |= ~Q(**{f"sum_{name}": F(name)})
    for batch in applied.annotate(**sums).filter(differ):
        found.breaches.append(f"import {batch.pk}: its counts are not the sums of its chunks")
    numbers = applied.annotate(
        n=Count("chunks"), first=Min("chunks__number"), last=Max("chunks__number")
    )
    for batch in numbers.filter(n__gt=0).exclude(last=F("first") + F("n") - 1):
        found.breaches.append(f"import {batch.pk}: a chunk between its first and last is missing")
    return found


def runs_checked() -> Findings:
    """States of runs, steps and shards agree, and nothing runs that nobody works on (I4)."""
    found = Findings({"runs": Run.objects.count(), "shards": Shard.objects.count()})
    found.breaches += _nights_twice() + _ends_that_disagree() + _forgotten_shards()
    return found


def _nights_twice() -> list[str]:
    nights = Run.objects.filter(trigger=Run.Trigger.NIGHTLY).values("day", "rule_set")
    twice = nights.annotate(n=Count("pk")).filter(n__gt=1).order_by("day")
    return [f"night {row['day']} has {row['n']} runs under {row['rule_set']}" for row in twice]


def _ends_that_disagree() -> list[str]:
    """A run has ended exactly when its steps have, a step when its shards have, and as they did."""
    lines = []
    ended = ~Q(state__in=OPEN)
    for run in Run.objects.exclude(
        Q(ended, finished_at__isnull=False) | Q(~ended, finished_at=None)
    ):
        lines.append(f"run {run} is {run.state} with end {run.finished_at}")
    for run in Run.objects.filter(ended, steps__state__in=OPEN).distinct():
        lines.append(f"run {run} has ended before its steps")
    bad = ~Q(steps__state=State.DONE)
    for run in Run.objects.filter(bad, state=State.DONE).filter(steps__isnull=False).distinct():
        lines.append(f"run {run} is done although a step is not")
    for step in Step.objects.filter(ended, shards__state__in=OPEN).distinct():
        lines.append(f"step {step} has ended before its shards")
    for step in Step.objects.filter(state=State.DONE, shards__state=State.FAILED).distinct():
        lines.append(f"step {step} is done although a shard failed")
    for shard in Shard.objects.filter(state=State.FAILED, error=""):
        lines.append(f"shard {shard} failed without a reason")
    return lines


def _forgotten_shards() -> list[str]:
    """A sweeper would have taken these back at least twice by now."""
    two_sweeps = timedelta(seconds=2 * settings.SWEEP_SECONDS)
    lost = Shard.objects.filter(state=State.RUNNING)
    lost = lost.filter(Q(lease_until=None) | Q(lease_until__lt=Now() - two_sweeps))
    spent = Shard.objects.exclude(state__in=(State.DONE, State.FAILED))
    spent = spent.filter(attempts__gt=settings.SHARD_MAX_ATTEMPTS)
    return [
        *(f"shard {shard} runs without a worker since {shard.started_at}" for shard in lost),
        *(f"shard {shard} is at attempt {shard.attempts}" for shard in spent),
    ]


def outbox_checked() -> Findings:
    """Each key once, and the end of every night told or waiting to be (I5)."""
    messages = OutboxMessage.objects
    found = Findings(
        {"messages": messages.count(), "waiting": messages.filter(delivered_at=None).count()}
    )
    twice = messages.values("key").annotate(n=Count("pk")).filter(n__gt=1)
    found.breaches += [f"outbox key {row['key']} stands {row['n']} times" for row in twice]
    keys = set(messages.filter(key__startswith="run-finished:").values_list("key", flat=True))
    nights = Run.objects.filter(trigger=Run.Trigger.NIGHTLY, finished_at__isnull=False)
    for run in nights.order_by("pk"):
        if f"run-finished:{run.pk}" not in keys:
            found.breaches.append(f"the end of run {run} was never put into the outbox")
    return found
