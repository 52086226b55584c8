"""`python manage.py export_standing --date YYYY-MM-DD [--output FILE]`."""

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shopguard.lib.rulesets import RuleError
from shopguard.management.commands.export_scores import REFUSED, table_write
from shopguard.management.commands.recompute import iso_day
from stores.selectors.standing_export import standing_table


class Command(BaseCommand):
    """Points, running penalties and next nodes of every shop on the morning of a date."""

    help = "Write every shop's violation points and running penalties on a date as CSV."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", type=iso_day, required=True, help="the day, Shanghai")
        parser.add_argument("--output", type=Path, help="write here instead of standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        day: date = options["date"]
        try:
            table_write(standing_table(day=day), options["output"], self.stdout)
        except (RuleError, OSError) as error:
            raise CommandError(str(error), returncode=REFUSED) from None
