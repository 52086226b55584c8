"""`make run`: services, database, demo, then web, worker and beat until Ctrl-C."""

from __future__ import annotations

import fcntl
import hashlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from shopguard.demo.cast import DEMO_SIGN_INS
from shopguard.launcher.children import Child
from shopguard.launcher.places import CHECKOUT, LauncherError, Places, places
from shopguard.launcher.services import Lease, acquire, missing_addresses

HOST = "127.0.0.1"
FIRST_PORT = 8000
PORTS_TRIED = 20
READY_SECONDS = 60.0
LOOK_EVERY_SECONDS = 0.3
STOP_SECONDS = 10.0
WISHES = "PORT=9000 chooses the port, SHOPGUARD_STATE=/some/folder where data and logs lie."


class Stop:
    """Set by Ctrl-C or SIGTERM; a second one does not wait any longer."""

    def __init__(self) -> None:
        self.asked = 0
        self.parent = os.getppid()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self.asked += 1

    def __bool__(self) -> bool:
        # A `make` killed hard cannot pass its end on, so its absence counts as well.
        make_is_gone = "MAKELEVEL" in os.environ and os.getppid() != self.parent
        return self.asked > 0 or make_is_gone


def say(text: str = "") -> None:
    """One line for the person at the console."""
    print(text, flush=True)


@contextmanager
def only_one(here: Places) -> Iterator[None]:
    """Refuses a second `make run` on the same state folder, naming the address of the first."""
    address = here.state / "address"
    with (here.state / "run.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            where = address.read_text() if address.exists() else "it is still starting"
            raise LauncherError(f"ShopGuard runs already in {here.state}: {where}") from error
        try:
            yield
        finally:
            address.unlink(missing_ok=True)


def reserve_port() -> socket.socket:
    """A bound socket; gunicorn takes it over, so nobody can come in between."""
    wanted = int(os.environ.get("PORT") or FIRST_PORT)
    for port in range(wanted, wanted + PORTS_TRIED):
        bound = socket.socket(socket.AF_INET)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind((HOST, port))
        except OSError:
            bound.close()
            continue
        if port != wanted:
            say(f"Port {wanted} is taken; using {port} (PORT=… chooses another).")
        return bound
    raise LauncherError(
        f"No free port from {wanted} to {wanted + PORTS_TRIED - 1}; choose one: PORT=9000 make run"
    )


def static_fingerprint() -> str:
    """Changes when any static file of the checkout or the set of packages does."""
    files = [*CHECKOUT.glob("static/**/*"), *CHECKOUT.glob("*/static/**/*")]
    files.append(CHECKOUT / "requirements.lock")
    told = [f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in sorted(files)]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


class Preparation:
    """What has to be done before the first request."""

    def __init__(self, here: Places, lease: Lease, stop: Stop) -> None:
        self.here = here
        self.lease = lease
        self.stop = stop
        self.environment = os.environ | {"SHOPGUARD_STATE": str(here.state)}

    def run(self) -> None:
        """LauncherError when a step fails or is stopped."""
        collecting = self.collect_static()
        if os.environ.get("DATABASE_URL"):
            self.finish(self.begin("migrate", "-v0", "--noinput"))
        self.finish(self.begin("seed_demo"))
        if collecting:
            self.finish(collecting)
            self.stamp.write_text(static_fingerprint())

    @property
    def stamp(self) -> Path:
        """Tells of which files the collected ones were made."""
        return self.here.state / "staticfiles.stamp"

    def collect_static(self) -> subprocess.Popen[bytes] | None:
        """None when the collected files are those of this checkout already."""
        collected = (self.here.state / "staticfiles").exists()
        if collected and self.stamp.exists() and self.stamp.read_text() == static_fingerprint():
            return None
        self.stamp.unlink(missing_ok=True)
        return self.begin("collectstatic", "--noinput", "-v0")

    def begin(self, *words: str) -> subprocess.Popen[bytes]:
        """Starts a management command; what it says goes to the console."""
        command = [sys.executable, str(CHECKOUT / "manage.py"), *words]
        process = subprocess.Popen(
            command, env=self.environment, stdin=subprocess.DEVNULL, start_new_session=True
        )
        self.lease.add_group(process.pid)
        return process

    def finish(self, process: subprocess.Popen[bytes]) -> None:
        """Waits for a command; one that is no longer wanted is ended."""
        while process.poll() is None:
            if self.stop:
                process.terminate()
            time.sleep(0.02)
        self.lease.drop_group(process.pid)
        if process.returncode:
            command = " ".join(map(str, process.args[1:])) if isinstance(process.args, list) else ""
            raise LauncherError(f"{command} failed; what it said is above.")


def make_children(here: Places, lease: Lease, bound: socket.socket) -> list[Child]:
    """Web, worker and beat."""
    celery = [sys.executable, "-m", "celery", "-A", "shopguard.celery"]
    web = [
        *(sys.executable, "-m", "gunicorn", "shopguard.wsgi:application", "--no-control-socket"),
        *("--bind", f"fd://{bound.fileno()}", "--worker-class", "gthread", "--workers", "2"),
        *("--threads", "4", "--graceful-timeout", "5"),
    ]
    worker = [*celery, "worker", "-c", "2", "-l", "INFO", "--without-gossip", "--without-mingle"]
    beat = [*celery, "beat", "-l", "INFO", "--pidfile="]
    return [
        Child("web", web, here.logs, lease, keep=[bound.fileno()]),
        Child("worker", worker, here.logs, lease),
        Child("beat", beat, here.logs, lease),
    ]


def answers(port: int) -> bool:
    """True when the web gives any answer at all."""
    asking = http.client.HTTPConnection(HOST, port, timeout=10)
    try:
        asking.request("GET", "/")
        asking.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asking.close()
    return True


def wait_for_first_page(port: int, web: Child, stop: Stop) -> bool:
    """True when the web answers; False when it was stopped or did not come up."""
    deadline = time.monotonic() + READY_SECONDS
    while not stop and time.monotonic() < deadline and web.process and web.process.poll() is None:
        if answers(port):
            return True
        time.sleep(0.1)
    return False


def greet(address: str, logs: Path, seconds: float) -> None:
    """Address and demo sign-ins."""
    say()
    say(f"  ShopGuard  {address}   ({seconds:.0f} s)")
    say()
    for sign_in in DEMO_SIGN_INS:
        caption = f"{sign_in.caption_zh} / {sign_in.caption_en}"
        say(f"  {sign_in.username:<10} {sign_in.password:<24} {caption}")
    say()
    say(f"  logs: {logs}   end: Ctrl-C")
    say()


def stop_all(children: list[Child], stop: Stop) -> None:
    """Ends web, worker and beat together."""
    for child in children:
        child.ask_to_stop()
    asked = stop.asked
    deadline = time.monotonic() + STOP_SECONDS
    while stop.asked == asked and time.monotonic() < deadline:
        if all(child.process is None or child.process.poll() is not None for child in children):
            break
        time.sleep(0.05)
    for child in children:
        child.end_now()


def environment_of(here: Places, lease: Lease) -> dict[str, str]:
    """What the children see."""
    return os.environ | {
        **lease.addresses,
        "SHOPGUARD_STATE": str(here.state),
        "DJANGO_SETTINGS_MODULE": "shopguard.settings",
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": str(CHECKOUT),
    }


def supervise(here: Places, lease: Lease, stop: Stop, started: float) -> int:
    """Runs until it is asked to stop (0) or a child or the services cannot be kept up (1)."""
    bound = reserve_port()
    port = int(bound.getsockname()[1])
    address = f"http://{HOST}:{port}"
    Preparation(here, lease, stop).run()
    environment = {"SITE_URL": address} | environment_of(here, lease)
    children = make_children(here, lease, bound)
    try:
        for child in children:
            if not stop:
                child.start(environment)
        if wait_for_first_page(port, children[0], stop):
            (here.state / "address").write_text(address)
            greet(address, here.logs, time.monotonic() - started)
        while not stop:
            if lease.lost():
                raise LauncherError(f"PostgreSQL or Valkey was lost; see {here.logs}.")
            if not all(child.look(environment) for child in children):
                return 1
            time.sleep(LOOK_EVERY_SECONDS)
    finally:
        say("Stopping…")
        stop_all(children, stop)
    return 0


def main() -> int:
    """Exit code of the whole."""
    ArgumentParser(
        prog="python -m shopguard.launcher.run", description=__doc__, epilog=WISHES
    ).parse_args()
    started = time.monotonic()
    stop = Stop()
    os.chdir(CHECKOUT)
    try:
        here = places()
        with only_one(here):
            lease = acquire(here, missing_addresses())
            try:
                return supervise(here, lease, stop, started)
            finally:
                lease.release()
    except LauncherError as error:
        if stop:
            return 0
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
