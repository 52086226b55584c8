"""`python manage.py verify_log`."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from stores.services.penalty_log import log_verify


class Command(BaseCommand):
    """Walk the penalty log from its first line and hold its end against what runs noted."""

    help = "Check both hash chains of the penalty log: exit 0, 1 naming where it is broken."

    def handle(self, *args: Any, **options: Any) -> None:
        report = log_verify()
        if report.is_intact:
            self.stdout.write(f"The penalty log is intact: {report.rows} lines.")
            return
        self.stderr.write(
            f"The penalty log is broken: line {report.broken_id} {report.reason}; "
            f"expected {report.expected}, found {report.found or 'nothing'}."
        )
        sys.exit(1)
