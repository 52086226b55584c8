"""The list of runs and the shards of one run, as the operators' pages show them."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, IntegerField, QuerySet, Value, When
from django.http import QueryDict

from shopguard.lib.paging import Page, page_of
from stores.models import Run, Shard, State
from stores.selectors.runs import OPEN

RUNS_A_PAGE = 30
SHARDS_SHOWN = 200
# What needs eyes stands first.
FIRST_SHOWN = (State.FAILED, State.RUNNING, State.PENDING)


@dataclass(frozen=True)
class RunLine:
    """A run with its shards counted by state; ``seconds`` is how long it took, or takes so far."""

    run: Run
    shards: int
    done: int
    failed: int
    seconds: float


def runs_page(asked: QueryDict, *, now: datetime) -> Page[RunLine]:
    """One page of all runs, the newest first, in three queries."""
    page: Page[Run] = page_of(Run.objects.order_by("-pk"), asked, size=RUNS_A_PAGE)
    lines = run_lines(page.rows, now=now)
    return Page(
        lines, page.number, page.pages, page.total, page.first, page.previous_query, page.next_query
    )


def run_lines(runs: "Sequence[Run] | QuerySet[Run]", *, now: datetime) -> list[RunLine]:
    """Some runs with their shards counted."""
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    rows = Shard.objects.filter(step__run__in=[run.pk for run in runs])
    for run_id, state, count in rows.values_list("step__run", "state").annotate(n=Count("pk")):
        counts[run_id][state] = count
    return [
        RunLine(
            run=run,
            shards=counts[run.pk].total(),
            done=counts[run.pk][State.DONE],
            failed=counts[run.pk][State.FAILED],
            seconds=((run.finished_at or now) - run.created_at).total_seconds(),
        )
        for run in runs
    ]


def run_of(*, run_id: int) -> Run | None:
    """A run by its key."""
    return Run.objects.filter(pk=run_id).first()


def shards_shown(*, run_id: int) -> list[Shard]:
    """Shards of a run, at most :data:`SHARDS_SHOWN`: failed ones first, then what is open."""
    order = Case(
        *(When(state=state, then=Value(place)) for place, state in enumerate(FIRST_SHOWN)),
        default=Value(len(FIRST_SHOWN)),
        output_field=IntegerField(),
    )
    rows = Shard.objects.filter(step__run=run_id).select_related("step")
    return list(rows.order_by(order, "step__position", "pk")[:SHARDS_SHOWN])


def run_after(*, run: Run) -> Run | None:
    """The newest run of the same day and rule set begun after this one, if any."""
    later = Run.objects.filter(day=run.day, rule_set=run.rule_set, sequence__gt=run.sequence)
    return later.order_by("-sequence").first()


def is_open(run: Run) -> bool:
    """Whether a run still has work to do."""
    return run.state in OPEN
