"""`python manage.py restore FOLDER [--wipe]`."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shopguard import backups


class Command(BaseCommand):
    """Fills the database from a backup and compares it with what was saved."""

    help = "Restore a backup: exit 0 when every table is as it was saved, else 1."
    # The checks would ask a database that is about to be filled.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", metavar="FOLDER", type=Path, help="made by `backup`")
        parser.add_argument("--wipe", action="store_true", help="forget what the database holds")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            content = backups.restore(options["folder"].resolve(), wipe=options["wipe"])
        except backups.BackupError as error:
            raise CommandError(str(error)) from None
        rows = sum(table.rows for table in content.values())
        self.stdout.write(f"Restored {rows:,} rows of {len(content)} tables, equal to those saved.")
