"""`python manage.py backup FOLDER`."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shopguard import backups


class Command(BaseCommand):
    """Saves the database and the keys of buyers while the product goes on."""

    help = "Write a backup into a new folder: exit 0, 1 when it could not be written."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", metavar="FOLDER", type=Path, help="must not exist yet")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            content = backups.backup(options["folder"].resolve())
        except backups.BackupError as error:
            raise CommandError(str(error)) from None
        rows = sum(table.rows for table in content.values())
        self.stdout.write(f"Saved {rows:,} rows of {len(content)} tables.")
