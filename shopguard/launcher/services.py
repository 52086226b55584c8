"""Joins the running services of a state folder, or starts them: `with services(): …`."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from shopguard.launcher.places import CHECKOUT, LauncherError, Places, locked, places
from shopguard.launcher.servers import SERVERS

TRIES = 3
ANSWER_SECONDS = 90.0
STOP_SECONDS = 20.0


class Lease:
    """The right to use the services; they live at least as long as it does."""

    def __init__(self, channel: socket.socket, here: Places) -> None:
        self.channel = channel
        self.places = here
        self.addresses: dict[str, str] = {}
        self.data: Path | None = None

    def need(self, variables: Sequence[str]) -> None:
        """Waits for the servers behind these variables; OSError: the keeper was about to end."""
        self._say(need=list(variables))
        answer: dict[str, str] = json.loads(self._line())
        if "error" in answer:
            raise LauncherError(answer["error"])
        self.data = Path(answer.pop("data")) if "data" in answer else None
        self.addresses = answer

    def add_group(self, group: int) -> None:
        """This process group ends when this process does, even by a kill -9."""
        self._say(group=group)

    def drop_group(self, group: int) -> None:
        """This process group has ended; its number may be given to another."""
        self._say(gone=group)

    def lost(self) -> bool:
        """True when the keeper has ended, which it does not do while it is used."""
        self.channel.setblocking(False)
        try:
            return self.channel.recv(1, socket.MSG_PEEK) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True
        finally:
            self.channel.settimeout(ANSWER_SECONDS)

    def release(self) -> None:
        """Gives the services back; returns when they are gone or somebody else uses them."""
        try:
            self._say(bye=True)
            self.channel.settimeout(STOP_SECONDS)
            while self.channel.recv(1024):
                continue
        except OSError:
            pass
        self.channel.close()

    def _say(self, **request: Any) -> None:
        self.channel.sendall(json.dumps(request).encode() + b"\n")

    def _line(self) -> bytes:
        self.channel.settimeout(ANSWER_SECONDS)
        heard = b""
        while not heard.endswith(b"\n"):
            if not (more := self.channel.recv(65536)):
                raise ConnectionError("the keeper has ended")
            heard += more
        return heard


def _join(here: Places) -> Lease | None:
    channel = socket.socket(socket.AF_UNIX)
    try:
        channel.connect(str(here.control))
    except OSError:
        channel.close()
        return None
    return Lease(channel, here)


def _start(here: Places, fast: bool) -> Lease:
    ours, theirs = socket.socketpair()
    told = [str(here.state), "fast" if fast else "safe", str(theirs.fileno())]
    with theirs, (here.logs / "keeper.log").open("ab") as log:
        keeper = subprocess.run(
            [sys.executable, "-m", "shopguard.launcher.keeper", *told],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=CHECKOUT,
            pass_fds=[theirs.fileno()],
            start_new_session=True,
        )
    if keeper.returncode:
        raise LauncherError(
            f"The keeper of the services did not start; see {here.logs / 'keeper.log'}."
        )
    return Lease(ours, here)


def acquire(here: Places, variables: Sequence[str], fast: bool = False) -> Lease:
    """A lease on the servers behind `variables`; LauncherError says why there is none."""
    with locked(here.state / "start.lock"):
        for _ in range(TRIES):
            lease = _join(here) or _start(here, fast)
            try:
                lease.need(variables)
            except OSError:
                lease.channel.close()
                continue
            except LauncherError:
                lease.release()
                raise
            return lease
    raise LauncherError(f"The services of {here.state} do not start; see {here.logs}.")


def missing_addresses() -> list[str]:
    """The variables nobody has set: the services to be provided here."""
    return [variable for variable in SERVERS if not os.environ.get(variable)]


@contextmanager
def services(
    state: str | os.PathLike[str] | None = None, fast: bool = False
) -> Iterator[Lease | None]:
    """Sets DATABASE_URL and REDIS_URL for the time of the block; None when both were set before."""
    variables = missing_addresses()
    if not variables:
        yield None
        return
    here = places(state)
    lease = acquire(here, variables, fast)
    before = os.environ.get("SHOPGUARD_STATE")
    os.environ.update(lease.addresses | {"SHOPGUARD_STATE": str(here.state)})
    try:
        yield lease
    finally:
        for variable in variables:
            os.environ.pop(variable, None)
        if before is None:
            os.environ.pop("SHOPGUARD_STATE", None)
        lease.release()
