"""`python manage.py seed_demo [--date YYYY-MM-DD] [--shops N]`."""

import sys
import time
from argparse import ArgumentTypeError
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from shopguard import demo_loading
from shopguard.demo_loading import DemoError, Plan, Told
from shopguard.lib.days import shanghai_day
from shopguard.management.commands.recompute import day_count, iso_day

REFUSED = 2
FEWEST_SHOPS = 8  # the characters stand first
STAGES = {
    "files": ("Writing the market", "file"),
    "import": ("Importing", "row"),
    "score": ("Computing scores", "day"),
}


def shop_count(text: str) -> int:
    """A number of shops that leaves the characters in. Raises ArgumentTypeError."""
    number = int(text) if text.isdecimal() else 0
    if number < FEWEST_SHOPS:
        raise ArgumentTypeError(f"{text!r} is not a number of shops from {FEWEST_SHOPS} on")
    return number


class Command(BaseCommand):
    """Loads the demo once; a second call finds it there and does nothing."""

    help = "Load the demo market: exit 0 loaded or not wanted here, 1 failed, 2 wrong arguments."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", type=iso_day, help="the market's today, else Shanghai's")
        parser.add_argument("--shops", type=shop_count, help="only so many shops, else all")
        parser.add_argument(
            "--score-dates",
            type=day_count,
            default=demo_loading.SCORE_DATES,
            help="so many dates up to today get scores",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        today = shanghai_day(timezone.now())
        wanted = Plan(options["date"] or today, options["shops"], options["score_dates"])
        if wanted.today > today:
            raise CommandError(f"{wanted.today} has not come yet", returncode=REFUSED)
        with demo_loading.alone():
            self.load(wanted, is_explicit=bool(options["date"] or options["shops"]))

    def load(self, wanted: Plan, *, is_explicit: bool) -> None:
        """Load what is missing, or say why nothing is."""
        begun = demo_loading.plan_begun()
        if demo_loading.is_loaded():
            if begun is not None:
                self.stdout.write(f"The demo is here, as of {begun.today}.")
            return
        if reason := demo_loading.unwanted():
            self.stdout.write(f"No demo: {reason}.")
            return
        if begun is not None and is_explicit and begun != wanted:
            raise CommandError(
                f"A load as of {begun.today} was begun and not ended; take it up without --date "
                "and --shops, or start with an empty database.",
                returncode=REFUSED,
            )
        started = time.monotonic()
        try:
            with progress() as told:
                demo_loading.load(begun or wanted, told)
        except DemoError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"Demo loaded in {time.monotonic() - started:.0f} s.")


@contextmanager
def progress() -> Iterator[Told]:
    """A bar for each stage on a terminal, a line for each elsewhere."""
    bars: dict[str, tqdm] = {}

    def told(stage: str, done: int, total: int) -> None:
        label, unit = STAGES[stage]
        if stage not in bars:
            bars[stage] = tqdm(
                total=total, unit=unit, desc=label, unit_scale=True, disable=None, file=sys.stdout
            )
            if bars[stage].disable:
                print(f"{label}…", flush=True)
        bars[stage].update(done - bars[stage].n)

    try:
        yield told
    finally:
        for bar in bars.values():
            bar.close()
