"""A backup: one folder with a dump of the database, the keys of buyers, and what it must hold.

The dump and the fingerprint of every table are of the same snapshot, so a restored database can be
compared with what was there, row for row, whoever was writing meanwhile. The keys lie beside the
dump, because a dump alone could never count a repeat buyer again; keep the folder as secret as the
database.
"""

import json
import os
import shutil
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from shopguard.launcher.binaries import find_postgres
from shopguard.launcher.places import LauncherError

DUMP, KEYS, CONTENT = "database.dump", "buyers.json", "content.json"
TABLES = """
    SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"""
# Independent of the order of rows: the sum of a hash of each.
FINGERPRINT = """
    SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text FROM "{}" t"""


ADDRESS = {
    "PGHOST": "host",
    "PGPORT": "port",
    "PGUSER": "user",
    "PGPASSWORD": "password",
    "PGDATABASE": "dbname",
}


class BackupError(Exception):
    """Says what stands in the way and what to do."""


@dataclass(frozen=True)
class Table:
    """What one table held."""

    rows: int
    fingerprint: str


Content = dict[str, Table]


def tables() -> list[str]:
    """Names of the tables there are."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        return [name for (name,) in cursor.fetchall()]


def content_now() -> Content:
    """Rows and fingerprint of every table, as the current transaction sees them."""
    found = {}
    for name in tables():
        with connection.cursor() as cursor:
            cursor.execute(FINGERPRINT.format(name))
            found[name] = Table(*cursor.fetchone())
    return found


def backup(folder: Path) -> Content:
    """Write a backup into a folder that does not exist yet; returns what it holds.

    Raises BackupError. A backup that was broken off has no `content.json` and cannot be restored.
    """
    try:
        folder.mkdir(parents=True, mode=0o700)
    except FileExistsError:
        raise BackupError(f"{folder} exists; name a folder that does not") from None
    except OSError as error:
        raise BackupError(f"{folder} cannot be made: {error.strerror}") from None
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        run("pg_dump", "-Fc", f"--snapshot={snapshot}", "-f", str(folder / DUMP))
        content = content_now()
    if settings.BUYER_KEYS_FILE.exists():
        shutil.copyfile(settings.BUYER_KEYS_FILE, folder / KEYS)
        (folder / KEYS).chmod(0o600)
    told = {name: asdict(table) for name, table in content.items()}
    (folder / CONTENT).write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    return content


def restore(folder: Path, *, wipe: bool) -> Content:
    """Fill the database from a backup; returns what it holds then, which is what was saved.

    A database with tables is refused unless it is to be wiped. Raises BackupError.
    """
    saved = content_saved(folder)
    if tables() and not wipe:
        raise BackupError("the database is not empty; --wipe forgets what is in it")
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    run("pg_restore", "--exit-on-error", "--no-owner", "-d", dbname(), str(folder / DUMP))
    keys_restore(folder)
    content = content_now()
    different = sorted(
        name for name in saved.keys() | content.keys() if saved.get(name) != content.get(name)
    )
    if different:
        raise BackupError(f"restored, but not equal to what was saved: {', '.join(different)}")
    return content


def content_saved(folder: Path) -> Content:
    """What a backup says it holds. Raises BackupError when it is none or was broken off."""
    try:
        told = json.loads((folder / CONTENT).read_text(encoding="utf-8"))
        return {name: Table(**table) for name, table in told.items()}
    except (OSError, ValueError, TypeError) as error:
        raise BackupError(f"{folder} holds no complete backup ({error})") from None


def keys_restore(folder: Path) -> None:
    """Put the keys of buyers back; the present ones are kept beside them when they differ."""
    kept, here = folder / KEYS, settings.BUYER_KEYS_FILE
    if not kept.exists():
        return
    here.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if here.exists() and here.read_bytes() != kept.read_bytes():
        here.replace(here.with_suffix(".before-restore.json"))
    shutil.copyfile(kept, here)
    here.chmod(0o600)


def dbname() -> str:
    """Name of the database of the settings."""
    return str(connection.get_connection_params()["dbname"])


def program(name: str) -> str:
    """Path of a program of PostgreSQL. Raises BackupError."""
    try:
        beside = find_postgres()[0] / name
    except LauncherError:
        beside = Path(name)
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        raise BackupError(f"{name} is not installed (Debian: apt-get install postgresql-client)")
    return found


def run(name: str, *words: str) -> None:
    """Run a program of PostgreSQL on the database of the settings. Raises BackupError."""
    given = connection.get_connection_params()
    environment = {variable: str(given[key]) for variable, key in ADDRESS.items() if given.get(key)}
    done = subprocess.run(
        [program(name), *words], env=os.environ | environment, capture_output=True, text=True
    )
    if done.returncode:
        raise BackupError(f"{name} failed: {done.stderr.strip()}")
