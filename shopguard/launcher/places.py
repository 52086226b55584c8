"""Where the embedded services keep their data, sockets and logs: all below one state folder."""

from __future__ import annotations

import fcntl
import hashlib
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent.parent

# The kernel's limit is 104 (macOS) or 108 bytes; PostgreSQL adds ".s.PGSQL.5432.lock".
LONGEST_SOCKET_PATH = 100
LONGEST_SOCKET_NAME = len("/.s.PGSQL.5432.lock")


class LauncherError(Exception):
    """Says what could not be started and what to do about it."""


@dataclass(frozen=True)
class Places:
    """The files of one state folder; processes with the same folder share their services."""

    state: Path

    @property
    def logs(self) -> Path:
        """Folder of one log file for each server and child."""
        return self.state / "logs"

    @property
    def sockets(self) -> Path:
        """Folder of the unix sockets; in the temp folder when the state's path is too long."""
        here = self.state / "run"
        if len(os.fsencode(here)) + LONGEST_SOCKET_NAME <= LONGEST_SOCKET_PATH:
            return here
        name = hashlib.sha256(os.fsencode(self.state)).hexdigest()[:16]
        return _temp_folder() / f"shopguard-{name}"

    @property
    def control(self) -> Path:
        """Socket on which the keeper answers."""
        return self.sockets / "keeper.sock"

    def pid_file(self, server: str) -> Path:
        """File with the process id of a running server (`postgres` or `valkey`)."""
        return self.state / f"{server}.pid"


def places(state: str | os.PathLike[str] | None = None) -> Places:
    """The folder asked for, else `SHOPGUARD_STATE`, else `.local`; made when missing."""
    folder = Path(state or os.environ.get("SHOPGUARD_STATE") or CHECKOUT / ".local").resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "logs").mkdir(exist_ok=True)
    except OSError as error:
        raise LauncherError(
            f"The state folder {folder} cannot be written ({error.strerror}). "
            "Set SHOPGUARD_STATE to a folder of your own."
        ) from error
    return Places(folder)


def _temp_folder() -> Path:
    """The same for every process, whatever its TMPDIR says; the folder made in it is private."""
    shared = Path("/tmp")  # nosec B108
    return shared if os.access(shared, os.W_OK) else Path(tempfile.gettempdir())


def make_private(folder: Path, uid: int, gid: int, take_over: bool = False) -> None:
    """Makes `folder` for one user only; a stranger's is refused or, by root, taken over."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    known = found.st_uid in (uid, os.geteuid()) or (take_over and os.geteuid() == 0)
    if not stat.S_ISDIR(found.st_mode) or not known:
        raise LauncherError(
            f"{folder} belongs to somebody else. "
            "Set SHOPGUARD_STATE to a folder of your own, "
            "or start as the user who began with this one."
        )
    if found.st_uid != uid:
        _hand_over(folder, uid, gid)
    if stat.S_IMODE(found.st_mode) != 0o700:
        folder.chmod(0o700)


def _hand_over(folder: Path, uid: int, gid: int) -> None:
    """Gives a folder of the state folder and all in it to the user who runs the servers."""
    for root, _, files in os.walk(folder):
        os.chown(root, uid, gid)
        for name in files:
            os.chown(os.path.join(root, name), uid, gid, follow_symlinks=False)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Holds an exclusive lock on `path`; the kernel frees it when the process ends in any way."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
