"""`python manage.py export_scores --date YYYY-MM-DD [--rule-set ID] [--output FILE]`."""

import csv
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from django.core.management.base import BaseCommand, CommandError, CommandParser

from servicescore.selectors.score_export import NothingComputedError, score_table
from shopguard.lib.rulesets import RuleError
from shopguard.management.commands.recompute import iso_day

REFUSED = 2


class Table(Protocol):
    """A header and rows of texts, whatever made them."""

    @property
    def header(self) -> list[str]: ...

    @property
    def rows(self) -> list[list[str]]: ...


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
            table_write(table, options["output"], self.stdout)
        except (NothingComputedError, RuleError, OSError) as error:
            raise CommandError(str(error), returncode=REFUSED) from None


def table_write(table: Table, output: Path | None, stdout: Any) -> None:
    """Write a table as CSV with line feeds, to a file or to standard output."""
    if output is None:
        _write(table, stdout)
        return
    with output.open("w", encoding="utf-8", newline="") as file:
        _write(table, file)


def _write(table: Table, file: Any) -> None:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(table.header)
    writer.writerows(table.rows)
