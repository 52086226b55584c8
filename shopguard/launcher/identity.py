"""As whom the servers run: PostgreSQL refuses root, and no server may outlive the keeper.

As an ordinary user nothing changes. Root becomes the owner of the state folder, or `nobody`.
When a folder on the way to the programs or to the data may be entered by its owner only (root's
home), `nobody` takes the one capability along that lets it pass; where that is not allowed a
user namespace does the same. No mode is changed for it.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from shopguard.launcher.places import CHECKOUT, LauncherError

How = Literal["self", "drop", "reach", "namespace"]

PR_SET_PDEATHSIG, PR_SET_SECUREBITS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 1, 28, 47, 2
SECBIT_NO_SETUID_FIXUP = 1 << 2
CAP_DAC_OVERRIDE = 1
CAPABILITY_VERSION_3 = 0x20080522

LIBC = ctypes.CDLL(None, use_errno=True)
HAS_PRCTL = hasattr(LIBC, "prctl")


@dataclass(frozen=True)
class Identity:
    """A user and the way to become it; `owner` and `group` are who must own the data."""

    owner: int
    group: int
    how: How

    def popen(
        self,
        command: Sequence[str],
        *,
        death: signal.Signals,
        output: IO[bytes] | int,
        stdin: int | None = None,
    ) -> subprocess.Popen[bytes]:
        """Starts a program as this identity; `death` is its signal when the caller dies."""
        return subprocess.Popen(
            self._wrapped(list(command), death),
            stdin=subprocess.DEVNULL if stdin is None else stdin,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/" if HAS_PRCTL else CHECKOUT,
            env=_plain_environment(),
            start_new_session=True,
            preexec_fn=self._before_exec(death),
        )

    def _wrapped(self, command: list[str], death: signal.Signals) -> list[str]:
        if self.how == "namespace":
            inside = ["setpriv", "--pdeathsig", death.name, "--", *command]
            nobody = pwd.getpwnam("nobody")
            mapped = [f"--map-user={nobody.pw_uid}", f"--map-group={nobody.pw_gid}"]
            return ["unshare", "-U", *mapped, "--", *inside]
        if not HAS_PRCTL:
            watch = [sys.executable, "-m", "shopguard.launcher.watch", str(os.getpid())]
            return [*watch, str(int(death)), *command]
        return command

    def _before_exec(self, death: signal.Signals) -> Callable[[], None]:
        parent = os.getpid()

        def become() -> None:
            if self.how == "reach":
                _keep_capabilities()
            if self.how in ("drop", "reach"):
                os.setgroups([])
                os.setgid(self.group)
                os.setuid(self.owner)
            if self.how == "reach":
                _keep_only_access_to_files()
            _die_with(parent, death)

        return become


def _plain_environment() -> dict[str, str]:
    """No variable of the caller reaches a server, but the path and the language of its messages."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "PYTHONPATH": str(CHECKOUT)}


def _keep_capabilities() -> None:
    """Becoming somebody else would drop them, and access(2), which initdb asks, overlook them."""
    if LIBC.prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")


def _keep_only_access_to_files() -> None:
    """Of root's powers only this one survives: to pass and read what the owner alone may."""
    mask = 1 << CAP_DAC_OVERRIDE
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    sets = (ctypes.c_uint32 * 6)(mask, mask, mask, 0, 0, 0)
    if LIBC.capset(header, sets):
        raise OSError(ctypes.get_errno(), "capset")
    if LIBC.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")


def _die_with(parent: int, death: signal.Signals) -> None:
    """Asks for a signal at the parent's death; a parent that is gone already ends us now."""
    if HAS_PRCTL:
        LIBC.prctl(PR_SET_PDEATHSIG, int(death), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)


def may_be_entered_by_all(path: Path) -> bool:
    """True when every folder above `path` lets strangers pass."""
    return all(folder.stat().st_mode & 0o001 for folder in path.resolve().parents)


def candidates(state: Path, programs: Sequence[Path]) -> list[Identity]:
    """Ways to run the servers, the plainest first; the caller takes the first that works."""
    if os.geteuid():
        return [Identity(os.geteuid(), os.getegid(), "self")]
    user = _unprivileged(state)
    ways: list[Identity] = []
    if all(may_be_entered_by_all(path) for path in [*programs, state / "data"]):
        ways.append(Identity(user.pw_uid, user.pw_gid, "drop"))
    if hasattr(LIBC, "capset"):
        ways.append(Identity(user.pw_uid, user.pw_gid, "reach"))
    if shutil.which("unshare") and shutil.which("setpriv"):
        ways.append(Identity(0, 0, "namespace"))
    return ways


def _unprivileged(state: Path) -> pwd.struct_passwd:
    """The owner of the state folder, or `nobody` when that is root."""
    owner = state.stat().st_uid
    try:
        return pwd.getpwuid(owner) if owner else pwd.getpwnam("nobody")
    except KeyError as error:
        raise LauncherError(
            "Root must not run PostgreSQL and this machine has no user 'nobody'. "
            "Start as an ordinary user."
        ) from error


def works(identity: Identity, program: Path, folder: Path) -> bool:
    """True when `program` can be run and `folder` written as this identity."""
    question = ["/bin/sh", "-c", 'test -w "$1" && "$0" --version', str(program), str(folder)]
    try:
        asked = identity.popen(question, death=signal.SIGKILL, output=subprocess.DEVNULL)
    except (OSError, subprocess.SubprocessError):
        return False
    return asked.wait(timeout=10) == 0
