#!/usr/bin/env python
"""Every command of the project: `python manage.py COMMAND`.

PostgreSQL and Valkey come along: the running ones of the state folder are joined, else they are
started for the time of the command. A database that this project keeps itself is migrated first.
"""

import hashlib
import os
import sys
from pathlib import Path

from shopguard.launcher.places import LauncherError, locked
from shopguard.launcher.services import Lease, services

HERE = Path(__file__).resolve().parent
WITHOUT_SERVICES = {
    "", "help", "--help", "-h", "version", "--version", "makemessages", "compilemessages",
    "collectstatic", "findstatic", "diffsettings",
}  # fmt: skip
WITHOUT_MIGRATION = {
    "makemigrations",
    "showmigrations",
    "sqlmigrate",
    "squashmigrations",
    "dbshell",
}


# They leave another schema behind than they found.
MIGRATES_ITSELF = {"migrate", "restore"}


def migrations_fingerprint() -> str:
    """Changes whenever a migration is added, removed or rewritten, or the packages change."""
    files = [*sorted(HERE.glob("*/migrations/[0-9]*.py")), HERE / "requirements.lock"]
    told = "".join(f"{file}{file.stat().st_size}" for file in files if file.exists())
    return hashlib.sha256(told.encode()).hexdigest()


def migrate_own_database(lease: Lease, command: str) -> None:
    """Brings the embedded database up to date; quick when there is nothing to do."""
    assert lease.data
    stamp = lease.data / "migrated"
    if command in MIGRATES_ITSELF:
        stamp.unlink(missing_ok=True)
    if command in WITHOUT_MIGRATION | MIGRATES_ITSELF:
        return
    with locked(lease.places.state / "migrate.lock"):
        if stamp.exists() and stamp.read_text() == migrations_fingerprint():
            return
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0, interactive=False)
        stamp.write_text(migrations_fingerprint())


def run() -> None:
    """Django's own entry point, imported as late as possible."""
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


def main() -> None:
    """Ends with the command's own exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shopguard.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    if command in WITHOUT_SERVICES or "--help" in sys.argv:
        return run()
    try:
        with services() as lease:
            if lease and lease.data:
                migrate_own_database(lease, command)
            return run()
    except LauncherError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
