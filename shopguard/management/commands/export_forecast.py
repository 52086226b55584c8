"""`python manage.py export_forecast --date YYYY-MM-DD [--days N] [--output FILE]`."""

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from servicescore.selectors.forecast_export import forecast_table
from servicescore.selectors.score_export import NothingComputedError
from shopguard.management.commands.export_scores import REFUSED, table_write
from shopguard.management.commands.recompute import iso_day


class Command(BaseCommand):
    """Where each shop's total is heading if it goes on as it does now, as a file."""

    help = "Write the totals expected on the days after a date, with a band of 80 %, as CSV."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", type=iso_day, required=True, help="score date, Shanghai")
        parser.add_argument("--days", type=int, help="how many days ahead; 60 when not given")
        parser.add_argument("--output", type=Path, help="write here instead of standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        day: date = options["date"]
        try:
            table = forecast_table(day=day, days=options["days"])
            table_write(table, options["output"], self.stdout)
        except (NothingComputedError, ValueError, OSError) as error:
            raise CommandError(str(error), returncode=REFUSED) from None
