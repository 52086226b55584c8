"""`python manage.py export_findings --date YYYY-MM-DD [--output FILE]`."""

import csv
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from aftersales.selectors.finding_export import (
    FindingTable,
    NothingSearchedError,
    finding_table,
)
from shopguard.management.commands.recompute import iso_day

REFUSED = 2


class Command(BaseCommand):
    """The findings of a date as a file: one row per finding, none for a shop without."""

    help = "Write the findings of every shop on a date as CSV: exit 2 when none was computed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", type=iso_day, required=True, help="date, Shanghai")
        parser.add_argument("--output", type=Path, help="write here instead of standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            table = finding_table(day=options["date"])
            if options["output"] is None:
                self.write(table, self.stdout)
            else:
                with options["output"].open("w", encoding="utf-8", newline="") as file:
                    self.write(table, file)
        except (NothingSearchedError, OSError) as error:
            raise CommandError(str(error), returncode=REFUSED) from None

    def write(self, table: FindingTable, file: Any) -> None:
        """Write the table as CSV with line feeds."""
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(table.header)
        writer.writerows(table.rows)
