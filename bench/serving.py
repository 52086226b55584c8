"""A server over a database of the bench, and people with an open session who ask it for pages."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench.workbench import Database, run
from shopguard.launcher.places import CHECKOUT

WAITS_SECONDS = 60
# Connections are kept for longer than a person thinks, as a proxy in front keeps them.
SERVER = (
    "--worker-class", "gthread", "--keep-alive", "30", "--no-control-socket",
    "--log-level", "warning",
)  # fmt: skip
SIGN_IN = """
from django.test import Client
from stores.models import Membership, Role, Shop, User
for number, shop in enumerate(Shop.objects.order_by("external_id")[:{count}]):
    user, _ = User.objects.get_or_create(username=f"bench-{{number}}")
    Membership.objects.get_or_create(user=user, shop=shop, role=Role.OWNER)
    client = Client()
    client.force_login(user)
    print("session", shop.external_id, client.cookies["sessionid"].value)
"""


def sessions(database: Database, count: int) -> list[tuple[str, str]]:
    """Shops and the session of an owner of each, in the order of their ids."""
    script = ["shell", "-v0", "-c", SIGN_IN.format(count=count)]
    said = run(str(CHECKOUT / "manage.py"), *script, DATABASE_URL=database.url).said
    lines = [line.split() for line in said.splitlines()]
    return [(line[1], line[2]) for line in lines if line[:1] == ["session"]]


@contextmanager
def served(database: Database, processes: int = 1, threads: int = 2) -> Iterator[int]:
    """Port of a server over the database; its static files are collected first."""
    database.manage("collectstatic", "--noinput", "-v0")
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port = int(asked.getsockname()[1])
    told = ["--bind", f"127.0.0.1:{port}", "--workers", str(processes), "--threads", str(threads)]
    command = [sys.executable, "-m", "gunicorn", "bench.site:application", *told]
    server = subprocess.Popen(
        [*command, *SERVER],
        cwd=CHECKOUT,
        env=os.environ | {"DATABASE_URL": database.url, "LOG_LEVEL": "WARNING"},
    )
    try:
        yield port
    finally:
        server.terminate()
        server.wait()


class Visitor:
    """A person signed in, with one connection kept open; ``queries`` of the page seen last."""

    def __init__(self, port: int, session: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=WAITS_SECONDS)
        self.headers = {"Cookie": f"sessionid={session}"}
        self.queries = 0

    def seconds(self, address: str) -> float:
        """How long a page takes; a RuntimeError when it does not come."""
        started = time.perf_counter()
        self.connection.request("GET", address, headers=self.headers)
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{address} answered {answer.status}: {body[:300]!r}")
        self.queries = int(answer.headers["X-Queries"])
        return time.perf_counter() - started

    def wait(self) -> None:
        """Returns when the server answers."""
        deadline = time.monotonic() + WAITS_SECONDS
        while time.monotonic() < deadline:
            try:
                self.seconds("/healthz")
                return
            except OSError:
                self.connection.close()
                time.sleep(0.2)
        raise RuntimeError("the server did not come up")
