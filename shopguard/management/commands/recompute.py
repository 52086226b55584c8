"""`python manage.py recompute --date YYYY-MM-DD [--days N] [--rule-set ID] [--quiet]`."""

import sys
from argparse import ArgumentTypeError
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from servicescore.models import ScoreState
from servicescore.rules import score_book
from servicescore.selectors.stored_window import windows_kept
from servicescore.selectors.tally import shops_by_state
from shopguard import nightly
from shopguard.lib.days import days_between, shanghai_day
from shopguard.lib.rulesets import RuleError, RuleSet
from stores.selectors.runs import shards_failed, shop_industries

REFUSED = 2
INTERRUPTED = 130


def iso_day(text: str) -> date:
    """A date written YYYY-MM-DD. Raises ArgumentTypeError, which argparse shows with exit 2."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a date; write it like 2018-08-01") from None


def day_count(text: str) -> int:
    """A whole number of days, at least 1. Raises ArgumentTypeError."""
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"{text!r} is not a number of days from 1 on")
    return int(text)


class Command(BaseCommand):
    """The nightly job in the foreground, day after day, through the same ledger as the workers."""

    help = "Compute the scores of a date (and the N-1 before it) now: exit 0, 1 on a failed shard."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", type=iso_day, required=True, help="score date, Shanghai")
        parser.add_argument("--days", type=day_count, default=1, help="this many days up to it")
        parser.add_argument("--rule-set", help="score by this rule set instead of the one in force")
        parser.add_argument("--quiet", action="store_true", help="no progress bar, no summary")

    def handle(self, *args: Any, **options: Any) -> None:
        plan = day_plan(options["date"], options["days"], options["rule_set"])
        try:
            failures = self.compute(plan, quiet=options["quiet"])
        except KeyboardInterrupt:
            self.stderr.write("Interrupted. The same command goes on where this one stopped.")
            sys.exit(INTERRUPTED)
        for failure in failures:
            self.stderr.write(failure)
        if failures:
            sys.exit(1)

    def compute(self, plan: list[tuple[date, RuleSet]], *, quiet: bool) -> list[str]:
        """Run the days, oldest first; returns a line for every shard that failed."""
        failures: list[str] = []
        shards = 0
        total = len(plan) * nightly.shards_expected()
        hidden = True if quiet else None  # None: shown on a terminal only
        with windows_kept(), tqdm(total=total, unit="shard", disable=hidden) as bar:

            def told(ended: int) -> None:
                nonlocal shards
                shards += ended
                bar.update(ended)

            for day, rules in plan:
                bar.set_description(f"{day}", refresh=False)
                run = nightly.day_compute(day=day, rules=rules, told=told)
                failures += [
                    f"{day}: {shard.step.name} {shard.key} failed: {shard.error}"
                    for shard in shards_failed(run_id=run.pk)
                ]
        if not quiet:
            self.stdout.write(summary(plan, shards))
        return failures


def day_plan(last: date, days: int, rule_set: str | None) -> list[tuple[date, RuleSet]]:
    """The dates, oldest first, with the rule set of each. Raises CommandError saying why not."""
    if last > (today := shanghai_day(timezone.now())):
        raise CommandError(
            f"{last} has not come yet; the latest date is {today}", returncode=REFUSED
        )
    if not shop_industries():
        raise CommandError(
            "There are no shops to compute. Import them first: "
            "python manage.py import_data shops FILE.csv",
            returncode=REFUSED,
        )
    try:
        span = days_between(last - timedelta(days=days - 1), last)
        return [(day, rules_for(day, rule_set)) for day in span]
    except OverflowError:
        raise CommandError(
            f"{days} days up to {last} begin before the calendar does", returncode=REFUSED
        ) from None
    except RuleError as error:
        raise CommandError(str(error), returncode=REFUSED) from None


def summary(plan: list[tuple[date, RuleSet]], shards: int) -> str:
    """What was computed, and why shops have no total on the last date."""
    last, rules = plan[-1]
    span = f"{plan[0][0]} to {last}" if len(plan) > 1 else f"{last}"
    days = "1 day" if len(plan) == 1 else f"{len(plan)} days"
    states = shops_by_state(day=last, rule_set=rules.id)
    without = ", ".join(
        f"{count} {state.value}"
        for state, count in sorted(states.items())
        if state != ScoreState.SCORED
    )
    totals = f"{states[ScoreState.SCORED]} of {states.total()} shops have a total on {last}"
    return f"Computed {span} by {rules.id}: {days}, {shards} shards; {totals}" + (
        f" ({without})." if without else "."
    )


def rules_for(day: date, rule_set: str | None) -> RuleSet:
    """The rule set asked for, or the one in force. Raises RuleError, naming those there are."""
    book = score_book()
    return book.by_id(rule_set) if rule_set else book.in_force(day)
