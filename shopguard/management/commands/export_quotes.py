"""`python manage.py export_quotes --date YYYY-MM-DD [--rule-set ID] [--output FILE]`."""

import csv
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from freightins.selectors.quote_table import NothingQuotedError, QuoteTable, quote_table
from shopguard.lib.rulesets import RuleError
from shopguard.management.commands.recompute import iso_day

REFUSED = 2


class Command(BaseCommand):
    """What freight cover costs on a date as a file: one row per shop, rates as fractions."""

    help = "Write the newest fee quote of every shop on a date as CSV: exit 2 when there is none."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", type=iso_day, required=True, help="quote date, Shanghai")
        parser.add_argument("--rule-set", help="by this rule set instead of the one in force")
        parser.add_argument("--output", type=Path, help="write here instead of standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            table = quote_table(day=options["date"], rule_set=options["rule_set"])
            if options["output"] is None:
                self.write(table, self.stdout)
            else:
                with options["output"].open("w", encoding="utf-8", newline="") as file:
                    self.write(table, file)
        except (NothingQuotedError, RuleError, OSError) as error:
            raise CommandError(str(error), returncode=REFUSED) from None

    def write(self, table: QuoteTable, file: Any) -> None:
        """Write the table as CSV with line feeds."""
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(table.header)
        writer.writerows(table.rows)
