"""Runs as operators look at them."""

from collections import Counter, defaultdict

from django.db.models import Count, QuerySet

from stores.models import Run, Shard


def runs_listed() -> QuerySet[Run]:
    """Every run there was."""
    return Run.objects.all()


def run_with_steps(*, run_id: int) -> Run | None:
    """A run with its steps in order as ``steps_in_order``; each has ``shard_counts`` by state."""
    run = Run.objects.filter(pk=run_id).first()
    if run is None:
        return None
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    rows = Shard.objects.filter(step__run=run).values_list("step", "state")
    for step, state, count in rows.annotate(count=Count("pk")):
        counts[step][state] = count
    steps = list(run.steps.order_by("position"))
    for step in steps:
        step.shard_counts = dict(counts[step.pk])  # type: ignore[attr-defined]
    run.steps_in_order = steps  # type: ignore[attr-defined]
    return run
