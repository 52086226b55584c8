"""`python manage.py export_assessment --date YYYY-MM-DD [--output FILE]`."""

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from servicescore.selectors.assessment_export import assessment_table
from servicescore.selectors.score_export import NothingComputedError
from shopguard.lib.rulesets import RuleError
from shopguard.management.commands.export_scores import REFUSED, table_write
from shopguard.management.commands.recompute import iso_day


class Command(BaseCommand):
    """How each shop's own customer service was judged on a date, as a file."""

    help = "Write the assessment of every own-mode shop on a date as CSV: exit 2 when none is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", type=iso_day, required=True, help="the day, Shanghai")
        parser.add_argument("--output", type=Path, help="write here instead of standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        day: date = options["date"]
        try:
            table_write(assessment_table(day=day), options["output"], self.stdout)
        except (NothingComputedError, RuleError, OSError) as error:
            raise CommandError(str(error), returncode=REFUSED) from None
