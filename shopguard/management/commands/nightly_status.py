"""`python manage.py nightly_status [--last N]`."""

import sys
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from shopguard.lib.days import SHANGHAI
from shopguard.management.commands.recompute import day_count
from stores.models import Run, State
from stores.selectors.run_story import StepStory, messages_waiting, runs_latest, steps_told
from stores.selectors.runs import shards_failed


class Command(BaseCommand):
    """Shows where the newest runs stand, and what waits."""

    help = "Show the newest runs: exit 0, 1 when the newest one ended with errors."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--last", type=day_count, default=1, help="so many runs, newest first")

    def handle(self, *args: Any, **options: Any) -> None:
        runs = runs_latest(count=options["last"])
        if not runs:
            self.stdout.write(
                "No run yet. The nightly run begins at 00:30 Shanghai time once there are shops; "
                "for one now: python manage.py recompute --date YYYY-MM-DD"
            )
        for run in runs:
            self.show(run)
        waiting, since = messages_waiting()
        if waiting:
            self.stdout.write(f"Outbox: {waiting} messages wait, the oldest since {clock(since)}.")
        if runs and runs[0].state == State.DONE_WITH_ERRORS:
            sys.exit(1)

    def show(self, run: Run) -> None:
        """A line for the run, one for each step, one for each shard that failed."""
        end = run.finished_at
        took = f", {seconds(run.created_at, end)}" if end else ""
        self.stdout.write(
            f"{run.day} {run.rule_set} #{run.sequence} ({run.trigger}): {run.state}, "
            f"begun {clock(run.created_at)}, ended {clock(end)}{took}"
        )
        for step in steps_told(run_id=run.pk):
            self.stdout.write(f"   {told(step)}")
        for shard in shards_failed(run_id=run.pk):
            self.stdout.write(f"   {shard.step.name} {shard.key} failed: {shard.error}")


def told(step: StepStory) -> str:
    """One step in a line."""
    parts = [f"{step.name}: {step.state}", f"{step.done} of {step.shards} shards done"]
    named = {"running": step.running, "failed": step.failed, "tried again": step.retried}
    parts += [f"{count} {name}" for name, count in named.items() if count]
    if step.started_at:
        parts.append(seconds(step.started_at, step.finished_at or timezone.now()))
    return ", ".join(parts)


def clock(at: datetime | None) -> str:
    """An instant by the clocks of Shanghai."""
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}" if at else "not yet"


def seconds(since: datetime, until: datetime) -> str:
    """How long something took."""
    return f"{(until - since).total_seconds():.1f} s"
