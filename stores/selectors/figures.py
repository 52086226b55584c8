"""Counts for the operator's figures."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Count

from stores.models import ImportBatch, Shard
from stores.selectors.runs import OPEN

COUNTED_BACK = timedelta(days=7)


def shards_by_state(*, now: datetime) -> Iterable[tuple[str, str, int]]:
    """Shards of the runs begun within a week, as (step, state, count)."""
    recent = Shard.objects.filter(step__run__created_at__gte=now - COUNTED_BACK)
    rows = recent.values_list("step__name", "state").annotate(n=Count("pk"))
    return rows.order_by("step__name", "state")


def open_shards_oldest() -> datetime | None:
    """When the step began whose shard waits longest; None while nothing is open."""
    waiting = Shard.objects.filter(state__in=OPEN, step__started_at__isnull=False)
    began = waiting.order_by("step__started_at").values_list("step__started_at", flat=True)
    return began.first()


def batches_by_status() -> Iterable[tuple[str, str, int]]:
    """Imported files, as (kind, status, count)."""
    rows = ImportBatch.objects.values_list("kind", "status").annotate(n=Count("pk"))
    return rows.order_by("kind", "status")
