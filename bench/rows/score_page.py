"""The score page of a shop, against its own SQL in an empty frame, both from one server."""

from __future__ import annotations

import http.client
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench.market import LAST_DAY
from bench.workbench import RULE_SET, Database, Result, Workbench, run
from shopguard.launcher.places import CHECKOUT

REACH = 2.0
SHOP = "S00000"
SCORED_DAYS = 60
ROUNDS, WARM_UP = 60, 5
SIGN_IN = f"""
from django.test import Client
from stores.models import Membership, Role, Shop, User
user = User.objects.create_user("bench")
Membership.objects.create(user=user, shop=Shop.objects.get(external_id="{SHOP}"), role=Role.OWNER)
client = Client()
client.force_login(user)
print(client.cookies["sessionid"].value)
"""


@contextmanager
def served(database: Database) -> Iterator[int]:
    """Port of a server with one process over the database."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port = int(asked.getsockname()[1])
    told = ["--bind", f"127.0.0.1:{port}", "--workers", "1", "--threads", "2", "--worker-class"]
    command = [sys.executable, "-m", "gunicorn", "bench.site:application", *told, "gthread"]
    server = subprocess.Popen(
        [*command, "--no-control-socket", "--log-level", "warning"],
        cwd=CHECKOUT,
        env=os.environ | {"DATABASE_URL": database.url, "LOG_LEVEL": "WARNING"},
    )
    try:
        yield port
    finally:
        server.terminate()
        server.wait()


class Visitor:
    """A person signed in, with one connection kept open."""

    def __init__(self, port: int, session: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {"Cookie": f"sessionid={session}"}

    def seconds(self, address: str) -> float:
        """How long a page takes; a RuntimeError when it does not come."""
        started = time.perf_counter()
        self.connection.request("GET", address, headers=self.headers)
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{address} answered {answer.status}: {body[:300]!r}")
        return time.perf_counter() - started

    def wait(self) -> None:
        """Returns when the server answers."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                self.seconds("/healthz")
                return
            except OSError:
                self.connection.close()
                time.sleep(0.2)
        raise RuntimeError("the server did not come up")


def measure(bench: Workbench) -> Iterator[Result]:
    """Medians of both, asked in turn."""
    page = f"/s/{SHOP}/score/"
    with bench.window() as database:
        told = ["--date", LAST_DAY.isoformat(), "--days", str(SCORED_DAYS), "--quiet"]
        database.manage("recompute", *told, "--rule-set", RULE_SET)
        database.manage("collectstatic", "--noinput", "-v0")
        script = ["shell", "-v0", "-c", SIGN_IN]
        said = run(str(CHECKOUT / "manage.py"), *script, DATABASE_URL=database.url).said
        with served(database) as port:
            visitor = Visitor(port, said.split()[-1])
            visitor.wait()
            rounds = [
                (visitor.seconds(page), visitor.seconds(f"/base{page}"))
                for _ in range(WARM_UP + ROUNDS)
            ][WARM_UP:]
    whole, base = (statistics.median(column) for column in zip(*rounds, strict=True))
    what = f"score page, {bench.market().orders:,} orders in the database"
    yield Result(what, whole, "its SQL in an empty frame", base, REACH)
