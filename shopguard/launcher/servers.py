"""The two servers: how each is prepared, started, asked whether it is ready, and stopped."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from shopguard.launcher.binaries import find_postgres, find_valkey
from shopguard.launcher.identity import Identity, candidates, works
from shopguard.launcher.places import LauncherError, Places, make_private

READY_SECONDS = 60.0
STOP_SECONDS = 10.0
LOOK_EVERY_SECONDS = 0.01

USER = DATABASE = "shopguard"
INITDB = ("-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync", "--no-instructions")
BUILTIN_LOCALE_SINCE = 17  # the same order of texts on every machine


class Server(ABC):
    """One server of a state folder. `fast` gives up safety against power cuts (tests)."""

    name: str
    death: signal.Signals
    stop_signal: signal.Signals

    def __init__(self, places: Places, fast: bool) -> None:
        self.places = places
        self.fast = fast
        self.process: subprocess.Popen[bytes] | None = None
        self.asked_to_stop = False

    @property
    @abstractmethod
    def data(self) -> Path:
        """Folder of what must survive."""

    @property
    @abstractmethod
    def url(self) -> str:
        """Address for the settings."""

    @abstractmethod
    def programs(self) -> Sequence[Path]:
        """Programs to be run, the server first."""

    @abstractmethod
    def prepare(self, identity: Identity) -> None:
        """Makes the data folder fit to be started with."""

    @abstractmethod
    def command(self) -> list[str]:
        """Command line of the server."""

    @abstractmethod
    def ready(self) -> bool:
        """True when it takes work."""

    def start(self) -> None:
        """Returns when the server takes work; LauncherError carries the end of its log."""
        identity = self._identity()
        self.prepare(identity)
        self.asked_to_stop = False
        log = self.places.logs / f"{self.name}.log"
        with log.open("wb") as output:
            self.process = identity.popen(self.command(), death=self.death, output=output)
        self.places.pid_file(self.name).write_text(str(self.process.pid))
        deadline = time.monotonic() + READY_SECONDS
        while not self.ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise LauncherError(
                    f"{self.name} did not start; the end of {log}:\n{_last_lines(log)}"
                )
            time.sleep(LOOK_EVERY_SECONDS)

    def _identity(self) -> Identity:
        programs = self.programs()
        for identity in candidates(self.places.state, programs):
            for folder in (self.data, self.places.sockets):
                ours = folder.is_relative_to(self.places.state)
                make_private(folder, identity.owner, identity.group, take_over=ours)
            if works(identity, programs[0], self.data):
                return identity
        raise LauncherError(
            f"{programs[0]} cannot be run without root's rights with its data in {self.data}. "
            "Start as an ordinary user, "
            "or set SHOPGUARD_STATE to a folder that everybody may enter."
        )

    def died(self) -> bool:
        """True when a started server has ended by itself."""
        return self.process is not None and self.process.poll() is not None

    def ask_to_stop(self) -> None:
        """Begins an orderly end; a second signal would mean haste to the servers."""
        if self.process and self.process.poll() is None and not self.asked_to_stop:
            self.asked_to_stop = True
            self.process.send_signal(self.stop_signal)

    def stop(self) -> None:
        """Returns when the server is gone, by force if it takes too long."""
        if self.process is None:
            return
        self.ask_to_stop()
        try:
            self.process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None
        self.places.pid_file(self.name).unlink(missing_ok=True)


class Postgres(Server):
    """PostgreSQL on a unix socket, one cluster per major version."""

    name = "postgres"
    death = signal.SIGQUIT
    stop_signal = signal.SIGINT

    def __init__(self, places: Places, fast: bool) -> None:
        super().__init__(places, fast)
        self.folder, self.version = find_postgres()

    @property
    def data(self) -> Path:
        return self.places.state / f"postgres-{self.version}"

    @property
    def cluster(self) -> Path:
        """The data directory proper; it appears only when it is complete."""
        return self.data / "cluster"

    @property
    def url(self) -> str:
        return f"postgresql://{USER}@/{DATABASE}?host={quote(str(self.places.sockets), safe='')}"

    def programs(self) -> Sequence[Path]:
        return (self.folder / "postgres", self.folder / "initdb")

    def prepare(self, identity: Identity) -> None:
        if self.cluster.exists():
            self._end_what_was_left()
            return
        growing = self.data / "growing"
        if growing.exists():
            shutil.rmtree(growing)
        locale = ["--locale=C.UTF-8"]
        if self.version >= BUILTIN_LOCALE_SINCE:
            locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        postgres, initdb = map(str, self.programs())
        self._run(identity, [initdb, "-D", str(growing), *INITDB, *locale])
        single = [postgres, "--single", "-F", "-D", str(growing), "postgres"]
        self._run(identity, single, f"CREATE DATABASE {DATABASE};\n")
        growing.rename(self.cluster)

    def _run(self, identity: Identity, command: Sequence[str], typed: str = "") -> None:
        log = self.places.logs / "postgres-first-start.log"
        with log.open("ab") as output:
            process = identity.popen(
                command, death=signal.SIGKILL, output=output, stdin=subprocess.PIPE
            )
            process.communicate(typed.encode())
        if process.returncode:
            raise LauncherError(f"{command[0]} failed; the end of {log}:\n{_last_lines(log)}")

    def _end_what_was_left(self) -> None:
        """A lock file whose server is gone is removed; a server without a keeper is ended first."""
        lock = self.cluster / "postmaster.pid"
        try:
            pid = int(lock.read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return
        if _is_server_of(pid, self.cluster):
            _end(pid, signal.SIGQUIT)
        lock.unlink(missing_ok=True)

    def command(self) -> list[str]:
        options = {
            "listen_addresses": "",
            "unix_socket_directories": f'"{self.places.sockets}"',
            "unix_socket_permissions": "0700",
            "shared_buffers": "256MB",
            "max_wal_size": "2GB",
            "checkpoint_timeout": "15min",
            "jit": "off",
            "logging_collector": "off",
            "log_min_messages": "warning",
        }
        if self.fast:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
            options |= {"wal_level": "minimal", "max_wal_senders": "0"}
            # Looked through while a test's rows wait to be rolled back, a table of thousands of
            # rows counts as empty, and plans are made for that.
            options |= {"autovacuum": "off"}
        told = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        return [str(self.folder / "postgres"), "-D", str(self.cluster), *told]

    def ready(self) -> bool:
        """The server itself writes `ready` into the eighth line of its lock file."""
        try:
            lines = (self.cluster / "postmaster.pid").read_text().split("\n")
        except OSError:
            return False
        return len(lines) > 7 and lines[7].strip() == "ready"


class Valkey(Server):
    """Valkey (or Redis) on a unix socket, with an append-only file unless `fast`."""

    name = "valkey"
    death = signal.SIGTERM
    stop_signal = signal.SIGTERM

    def __init__(self, places: Places, fast: bool) -> None:
        super().__init__(places, fast)
        self.program = find_valkey()

    @property
    def data(self) -> Path:
        return self.places.state / "valkey"

    @property
    def socket(self) -> Path:
        """Path of the unix socket."""
        return self.places.sockets / "valkey.sock"

    @property
    def url(self) -> str:
        return f"redis+socket://{quote(str(self.socket))}"

    def programs(self) -> Sequence[Path]:
        return (self.program,)

    def prepare(self, identity: Identity) -> None:
        self.socket.unlink(missing_ok=True)

    def command(self) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "save": "",
            "appendonly": "no" if self.fast else "yes",
            "appendfsync": "everysec",
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
        }
        told = [word for name, value in options.items() for word in (f"--{name}", value)]
        return [str(self.program), *told]

    def ready(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as asking:
                asking.settimeout(1)
                asking.connect(str(self.socket))
                asking.sendall(b"PING\r\n")
                return asking.recv(16).startswith(b"+PONG")
        except OSError:
            return False


SERVERS: dict[str, type[Server]] = {"DATABASE_URL": Postgres, "REDIS_URL": Valkey}


def _is_server_of(pid: int, cluster: Path) -> bool:
    """True when process `pid` is a PostgreSQL with this data directory."""
    shown = subprocess.run(
        ["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True
    )
    return "postgres" in shown.stdout and str(cluster) in shown.stdout


def _end(pid: int, how: signal.Signals) -> None:
    deadline = time.monotonic() + STOP_SECONDS
    try:
        os.kill(pid, how)
        while time.monotonic() < deadline:
            os.kill(pid, 0)
            time.sleep(LOOK_EVERY_SECONDS)
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _last_lines(log: Path, count: int = 12) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-count:])
