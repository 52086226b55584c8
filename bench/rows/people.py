"""Fifty people on the pages while a night is computed beside them, against the same at rest."""

from __future__ import annotations

import http.client
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from bench.market import LAST_DAY
from bench.serving import Visitor, served, sessions
from bench.workbench import RULE_SET, Database, Result, Workbench
from shopguard.launcher.places import CHECKOUT

REACH = 2.0
PEOPLE = 50
SECONDS = 20.0
SCORED_DAYS, NIGHTS = 30, 180
NICE = 10
# A person looks at a page for a while before asking for the next.
THINKS_SECONDS = 2.0, 6.0
PAGES = ("/s/{shop}/", "/s/{shop}/score/", "/s/{shop}/score/metrics/ship_on_time_rate/")
FILTERS = (
    "/s/{shop}/score/metrics/pay_to_sign_hours/?sort=-effect",
    "/s/{shop}/score/metrics/dispute_rate/?page=2",
)
EXPORTS = ("/s/{shop}/score/metrics.csv", "/s/{shop}/score/metrics/dispute_rate/rows.csv")
SHARES = ((0.80, PAGES), (0.95, FILTERS), (1.00, EXPORTS))


@dataclass
class Heard:
    """Seconds of every answer, and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def slowest_twentieth(self) -> float:
        """The 95th percentile."""
        return sorted(self.seconds)[int(len(self.seconds) * 0.95)]


def address(chance: random.Random, shop: str) -> str:
    """80 % pages, 15 % filters, 5 % exports."""
    draw = chance.random()
    kind = next(addresses for share, addresses in SHARES if draw < share)
    return chance.choice(kind).format(shop=shop)


def visit(port: int, shop: str, session: str, seed: int) -> Heard:
    """One person until the time is over."""
    chance, heard = random.Random(seed), Heard()
    visitor = Visitor(port, session)
    ends = time.monotonic() + SECONDS
    time.sleep(chance.uniform(0, THINKS_SECONDS[1]))
    while time.monotonic() < ends:
        try:
            heard.seconds.append(visitor.seconds(address(chance, shop)))
        except (OSError, RuntimeError, http.client.HTTPException) as error:
            heard.errors.append(str(error))
            visitor.connection.close()
        time.sleep(chance.uniform(*THINKS_SECONDS))
    return heard


def crowd(port: int, people: list[tuple[str, str]]) -> Heard:
    """Everybody at once."""
    with ThreadPoolExecutor(PEOPLE) as pool:
        visits = [
            pool.submit(visit, port, *people[number % len(people)], number)
            for number in range(PEOPLE)
        ]
    whole = Heard()
    for heard in (one.result() for one in visits):
        whole.seconds += heard.seconds
        whole.errors += heard.errors
    return whole


@contextmanager
def night(database: Database) -> Iterator[None]:
    """One date after the other is computed meanwhile, as politely as the worker does it."""
    first = LAST_DAY - timedelta(days=SCORED_DAYS)
    words = ["recompute", "--date", first.isoformat(), "--days", str(NIGHTS), "--quiet"]
    command = [sys.executable, str(CHECKOUT / "manage.py"), *words, "--rule-set", RULE_SET]
    running = subprocess.Popen(
        command, cwd=CHECKOUT, env=os.environ | {"DATABASE_URL": database.url},
        preexec_fn=lambda: os.nice(NICE) and None, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield
        if running.poll() is not None:
            raise RuntimeError("the night was over before the people were")
    finally:
        running.kill()
        running.wait()


def measure(bench: Workbench) -> Iterator[Result]:
    """95th percentiles of both; an error anywhere counts as never."""
    with bench.window() as database:
        told = ["--date", LAST_DAY.isoformat(), "--days", str(SCORED_DAYS), "--quiet"]
        database.manage("recompute", *told, "--rule-set", RULE_SET)
        people = sessions(database, PEOPLE)
        with served(database, processes=2, threads=4) as port:
            Visitor(port, people[0][1]).wait()
            crowd(port, people)
            rest = crowd(port, people)
            with night(database):
                busy = crowd(port, people)
    errors = rest.errors + busy.errors
    note = f"{len(busy.seconds)} answers, {len(errors)} errors" + "".join(
        f" {e}" for e in errors[:1]
    )
    slow = float("inf") if errors else busy.slowest_twentieth
    what = f"95 of 100 answers to {PEOPLE} people during a night"
    yield Result(what, slow, "at rest", rest.slowest_twentieth, REACH, note)
