"""What the run ledger says: for the nightly order, the commands and the pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from shopguard.lib.rulesets import RuleSet
from stores.models import Run, Shard, Shop, State

OPEN = (State.PENDING, State.RUNNING)


@dataclass(frozen=True)
class Night:
    """A score date, the rule set in force on it and the instant its nightly run is due."""

    day: date
    rules: RuleSet
    due: datetime


def shop_industries() -> list[tuple[int, str]]:
    """Every shop's key and industry, in key order."""
    return list(Shop.objects.order_by("pk").values_list("pk", "industry"))


def run_newest(*, day: date, rule_set: str) -> Run | None:
    """The newest run of a day under a rule set, whatever its state."""
    return Run.objects.filter(day=day, rule_set=rule_set).order_by("-sequence").first()


def night_run(*, day: date, rule_set: str) -> Run | None:
    """The nightly run of a day under a rule set; there is at most one."""
    return Run.objects.filter(day=day, rule_set=rule_set, trigger=Run.Trigger.NIGHTLY).first()


def night_ended(*, day: date) -> Run | None:
    """The nightly run of a day once it has ended; the newest where several rule sets have one."""
    nights = Run.objects.filter(day=day, trigger=Run.Trigger.NIGHTLY, finished_at__isnull=False)
    return nights.order_by("-pk").first()


def run_ended_last() -> Run | None:
    """The run that ended last, whatever its day."""
    return Run.objects.filter(finished_at__isnull=False).order_by("-finished_at").first()


def runs_unfinished() -> list[int]:
    """Keys of the runs that still have work to do, the oldest first."""
    return list(Run.objects.filter(state__in=OPEN).order_by("pk").values_list("pk", flat=True))


def nights_served(*, nights: Sequence[Night]) -> set[date]:
    """Of some nights those that need no run any more.

    A night is served by its nightly run, or by any run of the day under the same rule set that
    began when it was due or later: that one saw everything the nightly run would have seen.
    """
    wanted = {(night.day, night.rules.id): night.due for night in nights}
    runs = Run.objects.filter(day__in=[night.day for night in nights])
    return {
        run.day
        for run in runs
        if (run.day, run.rule_set) in wanted
        and (run.trigger == Run.Trigger.NIGHTLY or run.created_at >= wanted[run.day, run.rule_set])
    }


def first_shop_at() -> datetime | None:
    """When the first shop came to this installation; None while there is none."""
    return Shop.objects.order_by("created_at").values_list("created_at", flat=True).first()


def run_state(*, run_id: int) -> Run:
    """The run as it is now. Raises Run.DoesNotExist."""
    return Run.objects.get(pk=run_id)


def step_is_open(*, run_id: int, name: str) -> bool:
    """Whether a step of a run still has a shard that waits or is worked on."""
    return Shard.objects.filter(step__run=run_id, step__name=name, state__in=OPEN).exists()


def shards_open(*, run_id: int) -> list[int]:
    """The shards of a run that can be claimed now: waiting, or with a lease that is over."""
    free = Q(state=State.PENDING) | Q(state=State.RUNNING, lease_until__lt=Now())
    rows = Shard.objects.filter(free, step__run=run_id).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def shards_failed(*, run_id: int) -> QuerySet[Shard]:
    """The shards of a run that used up their attempts, with their step."""
    failed = Shard.objects.filter(step__run=run_id, state=State.FAILED)
    return failed.select_related("step").order_by("pk")
