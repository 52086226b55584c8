"""`python manage.py export_changes --date YYYY-MM-DD [--output FILE]`."""

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from servicescore.selectors.change_export import changes_table
from servicescore.selectors.score_export import NothingComputedError
from shopguard.lib.rulesets import RuleError
from shopguard.management.commands.export_scores import REFUSED, table_write
from shopguard.management.commands.recompute import iso_day


class Command(BaseCommand):
    """Why each shop's total moved since the day before, as a file."""

    help = "Write the six parts of every total's change since the day before as CSV."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", type=iso_day, required=True, help="score date, Shanghai")
        parser.add_argument("--output", type=Path, help="write here instead of standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        day: date = options["date"]
        try:
            table_write(changes_table(day=day), options["output"], self.stdout)
        except (NothingComputedError, RuleError, OSError) as error:
            raise CommandError(str(error), returncode=REFUSED) from None
