"""The one process that holds the servers of a state folder, for as long as somebody uses them.

A user of the services is a connection to the keeper's socket: the kernel closes it however the
user ends, a kill -9 included. The keeper in turn is the servers' parent, and they die with it.
It also ends the process groups that a user has told it about, so that what the user started
does not outlive it.
"""

from __future__ import annotations

import fcntl
import json
import os
import selectors
import signal
import socket
import sys
import time
from dataclasses import dataclass, field
from typing import Any

from shopguard.launcher.places import LauncherError, Places, make_private, places
from shopguard.launcher.servers import SERVERS, Server

LOOK_EVERY_SECONDS = 0.5
GROUP_STOP_SECONDS = 3.0
MOST_RESTARTS = 5


@dataclass
class User:
    """One connection: what it has not finished saying, and the process groups that end with it."""

    connection: socket.socket
    unread: bytes = b""
    groups: set[int] = field(default_factory=set)


class Keeper:
    """Answers users, watches the servers, stops all when the last user has gone."""

    def __init__(self, here: Places, fast: bool, first: socket.socket) -> None:
        self.places = here
        self.fast = fast
        self.servers: dict[str, Server] = {}
        self.restarts = 0
        self.leaving: list[socket.socket] = []
        self.users: dict[socket.socket, User] = {}
        self.selector = selectors.DefaultSelector()
        self.listener = self._listen()
        self._welcome(first)

    def _listen(self) -> socket.socket:
        make_private(self.places.sockets, *_owner_of(self.places))
        self.places.control.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(self.places.control))
        listener.listen(64)
        self.selector.register(listener, selectors.EVENT_READ)
        return listener

    def _welcome(self, connection: socket.socket) -> None:
        self.users[connection] = User(connection)
        self.selector.register(connection, selectors.EVENT_READ)

    def run(self) -> None:
        """Returns when the last user has gone; the servers are stopped then."""
        try:
            while self.users:
                for key, _ in self.selector.select(LOOK_EVERY_SECONDS):
                    if key.fileobj is self.listener:
                        self._welcome(self.listener.accept()[0])
                    elif isinstance(key.fileobj, socket.socket):
                        self._hear(self.users[key.fileobj])
                self._revive()
        finally:
            self._close()

    def _hear(self, user: User) -> None:
        try:
            heard = user.connection.recv(65536)
        except OSError:
            heard = b""
        *lines, user.unread = (user.unread + heard).split(b"\n")
        for line in lines:
            self._answer(user, json.loads(line))
        if not heard and user.connection in self.users:
            self._forget(user)
            user.connection.close()
            end_groups(user.groups)

    def _answer(self, user: User, request: dict[str, Any]) -> None:
        if "need" in request:
            self._say(user, self._provide(request["need"]))
        elif "group" in request:
            user.groups.add(int(request["group"]))
        elif "gone" in request:
            user.groups.discard(int(request["gone"]))
        elif "bye" in request:
            self._forget(user)
            if self.users:
                user.connection.close()
            else:
                self.leaving.append(user.connection)

    def _say(self, user: User, answer: dict[str, str]) -> None:
        try:
            user.connection.sendall(json.dumps(answer).encode() + b"\n")
        except OSError:
            return  # the user is gone, which its connection tells by itself

    def _forget(self, user: User) -> None:
        self.selector.unregister(user.connection)
        del self.users[user.connection]

    def _provide(self, variables: list[str]) -> dict[str, str]:
        """Addresses of the servers asked for, or the reason why there is none."""
        try:
            for variable in variables:
                if variable not in self.servers:
                    server = SERVERS[variable](self.places, self.fast)
                    server.start()
                    self.servers[variable] = server
        except (LauncherError, OSError) as error:
            return {"error": str(error)}
        answer = {variable: self.servers[variable].url for variable in variables}
        if "DATABASE_URL" in variables:
            answer["data"] = str(self.servers["DATABASE_URL"].data)
        return answer

    def _revive(self) -> None:
        """A server that died by itself is started again, a few times."""
        for server in self.servers.values():
            if server.died():
                self.restarts += 1
                tell(f"{server.name} ended by itself; start {self.restarts} of {MOST_RESTARTS}")
                if self.restarts > MOST_RESTARTS:
                    raise LauncherError(f"{server.name} keeps ending")
                server.start()

    def _close(self) -> None:
        self.listener.close()
        self.places.control.unlink(missing_ok=True)
        for server in self.servers.values():
            server.ask_to_stop()
        for server in self.servers.values():
            server.stop()
        for user in self.users.values():
            end_groups(user.groups)
        for connection in self.leaving:
            connection.close()


def _owner_of(here: Places) -> tuple[int, int]:
    """The socket folder may belong to the servers' user already."""
    try:
        found = here.sockets.stat()
    except FileNotFoundError:
        return os.geteuid(), os.getegid()
    return (found.st_uid, found.st_gid) if os.geteuid() == 0 else (os.geteuid(), os.getegid())


def end_groups(groups: set[int]) -> None:
    """Ends whole process groups: politely, and after some seconds by force."""
    deadline = time.monotonic() + GROUP_STOP_SECONDS
    alive = {group for group in groups if _signalled(group, signal.SIGTERM)}
    while alive and time.monotonic() < deadline:
        time.sleep(0.05)
        alive = {group for group in alive if _signalled(group, 0)}
    for group in alive:
        _signalled(group, signal.SIGKILL)


def _signalled(group: int, number: int) -> bool:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def tell(text: str) -> None:
    """One line into the keeper's log."""
    print(time.strftime("%Y-%m-%d %H:%M:%S"), text, file=sys.stderr, flush=True)


def main(state: str, fast: str, descriptor: str) -> int:
    """Runs detached from the one who started it: only the connections keep it alive."""
    if os.fork():
        return 0
    here = places(state)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with (here.state / "keeper.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        tell(f"keeper {os.getpid()} begins")
        try:
            Keeper(here, fast == "fast", socket.socket(fileno=int(descriptor))).run()
        except (LauncherError, OSError) as error:
            tell(str(error))
        tell(f"keeper {os.getpid()} ends")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
