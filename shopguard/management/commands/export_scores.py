"""`python manage.py export_scores --date YYYY-MM-DD [--rule-set ID] [--output FILE]`."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from servicescore.selectors.score_export import NothingComputedError, ScoreTable, score_table
from shopguard.lib.rulesets import RuleError
from shopguard.management.commands.recompute import iso_day

REFUSED = 2


class Command(BaseCommand):
    """The scores of a date as a file: one row per shop, rates as fractions, empty = missing."""

    help = "Write the newest score of every shop on a date as CSV: exit 2 when none was computed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", type=iso_day, required=True, help="score date, Shanghai")
        parser.add_argument("--rule-set", help="of this rule set instead of the one in force")
        parser.add_argument("--output", type=Path, help="write here instead of standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        day: date = options["date"]
        try:
            table = score_table(day=day, rule_set=options["rule_set"])
            if options["output"] is None:
                self.write(table, self.stdout)
            else:
                with options["output"].open("w", encoding="utf-8", newline="") as file:
                    self.write(table, file)
        except (NothingComputedError, RuleError, OSError) as error:
            raise CommandError(str(error), returncode=REFUSED) from None

    def write(self, table: ScoreTable, file: Any) -> None:
        """Write the table as CSV with line feeds."""
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(table.header)
        writer.writerows(table.rows)
