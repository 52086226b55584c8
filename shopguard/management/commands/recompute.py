"""`python manage.py recompute --date YYYY-MM-DD [--days N] [--rule-set ID] [--quiet]`."""

import sys
from argparse import ArgumentTypeError
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from servicescore.rules import score_book
from shopguard import nightly
from shopguard.lib.days import days_between, shanghai_day
from shopguard.lib.rulesets import RuleError, RuleSet
from stores.models import Run
from stores.selectors.runs import shards_failed

REFUSED = 2


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
        last: date = options["date"]
        if last > (today := shanghai_day(timezone.now())):
            raise CommandError(
                f"{last} has not come yet; the latest date is {today}", returncode=REFUSED
            )
        try:
            days = days_between(last - timedelta(days=options["days"] - 1), last)
            plan = [(day, rules_for(day, options["rule_set"])) for day in days]
        except (RuleError, OverflowError) as error:
            raise CommandError(str(error), returncode=REFUSED) from None
        failures = self.compute(plan, quiet=options["quiet"])
        for failure in failures:
            self.stderr.write(failure)
        if failures:
            sys.exit(1)

    def compute(self, plan: list[tuple[date, RuleSet]], *, quiet: bool) -> list[str]:
        """Run the days, oldest first; returns a line for every shard that failed."""
        failures: list[str] = []
        shards = 0
        with tqdm(
            total=len(plan) * nightly.shards_expected(),
            unit="shard",
            disable=True if quiet else None,
        ) as bar:
            for day, rules in plan:
                bar.set_description(f"{day}", refresh=False)
                run = nightly.run_for(day=day, rules=rules, trigger=Run.Trigger.RECOMPUTE)
                run = nightly.run_in_foreground(run_id=run.pk, told=bar.update)
                failures += [
                    f"{day}: {shard.step.name} {shard.key} failed: {shard.error}"
                    for shard in shards_failed(run_id=run.pk)
                ]
            shards = bar.n
        if not quiet:
            span = f"{plan[0][0]} to {plan[-1][0]}" if len(plan) > 1 else f"{plan[0][0]}"
            self.stdout.write(f"Computed {span}: {len(plan)} days, {shards} shards.")
        return failures


def rules_for(day: date, rule_set: str | None) -> RuleSet:
    """The rule set asked for, or the one in force. Raises RuleError, naming those there are."""
    book = score_book()
    return book.by_id(rule_set) if rule_set else book.in_force(day)
