"""The stage faults happen on: a house with a slow night, workers and a scheduler that come back."""

from __future__ import annotations

import random
import signal
import time
from dataclasses import dataclass, field
from typing import Any

from celery import Celery

from tests.nightly.house import ALONE, House, Process, until

# Short enough that a fault of seconds outlasts them; attempts enough for any schedule of faults.
SHORT = {"SHARD_LEASE_SECONDS": "3", "SHARD_MAX_ATTEMPTS": "30"}
WORKERS = 2
# One statement of a shard takes this long, so that faults meet work under way; `mode` can make
# every statement fail (poison) or hang for longer than any lease.
SLOW = """
    CREATE TABLE chaos_mode (mode text NOT NULL);
    INSERT INTO chaos_mode VALUES ('slow');
    CREATE FUNCTION chaos() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE now_mode text;
    BEGIN
      SELECT mode INTO now_mode FROM chaos_mode;
      IF now_mode = 'poison' THEN RAISE EXCEPTION 'poisoned'; END IF;
      PERFORM pg_sleep(CASE now_mode WHEN 'hang' THEN 60 WHEN 'slow' THEN 0.3 ELSE 0 END);
      RETURN NULL;
    END $$;
    CREATE TRIGGER chaos BEFORE INSERT ON servicescore_dailyrow
      FOR EACH STATEMENT EXECUTE FUNCTION chaos();
    CREATE TRIGGER chaos BEFORE INSERT ON servicescore_scorerevision
      FOR EACH STATEMENT EXECUTE FUNCTION chaos();"""
SHARDS_LEFT = "SELECT count(*) FROM stores_shard WHERE state <> 'done'"
TWICE = """
    SELECT day, count(*) FROM stores_run GROUP BY day HAVING count(*) > 1"""


@dataclass
class Stage:
    """What a fault may touch. `chance` belongs to the schedule, so a seed repeats its pauses."""

    house: House
    chance: random.Random = field(default_factory=random.Random)
    workers: list[Process] = field(default_factory=list)
    beats: list[Process] = field(default_factory=list)
    frozen: list[Process] = field(default_factory=list)
    expected: list[tuple[Any, ...]] = field(default_factory=list)

    def open(self) -> None:
        """Servers, market, and the scores of a night without faults."""
        self.house.open()
        self.house.command("manage.py", "recompute", "--date", str(self.house.day), "--quiet")
        self.expected = self.house.night_scores()
        self.house.sql(SLOW)

    def begin(self, seed: int) -> None:
        """As if no night had ever been; then one is found missing."""
        self.chance = random.Random(seed)
        self.mend()
        self.house.forget_runs()
        self.house.let_nights_come()

    def pause(self, most: float) -> None:
        """Some moment later."""
        time.sleep(self.chance.uniform(0, most))

    def worker(self) -> Process:
        """One of the workers that live and are awake, by chance."""
        return self.chance.choice([w for w in self.living(self.workers) if w not in self.frozen])

    def living(self, processes: list[Process]) -> list[Process]:
        """Those that have not ended."""
        return [process for process in processes if process.running.poll() is None]

    def mode(self, name: str) -> None:
        """What the database does to a shard: `slow`, `poison`, `hang`."""
        self.house.sql(f"UPDATE chaos_mode SET mode = '{name}'")

    def sender(self) -> Celery:
        """A stranger who knows the broker."""
        return Celery(broker=self.house.valkey.url)

    def freeze(self, process: Process) -> None:
        """SIGSTOP until the stage is mended."""
        process.signal(signal.SIGSTOP)
        self.frozen.append(process)

    def hire(self, *words: str) -> Process:
        """A worker with two children that takes work."""
        number = len(self.house.processes)
        named = ("-c", "2", "-n", f"w{number}@chaos", "-l", "info", *ALONE, *words)
        worker = self.house.start("worker", *named, **SHORT)
        until(lambda: worker.says("ready."), "the worker is ready", worker)
        self.workers.append(worker)
        return worker

    def thaw(self) -> None:
        """Whoever was frozen goes on."""
        for process in self.living(self.frozen):
            process.signal(signal.SIGCONT)
        self.frozen.clear()

    def mend(self) -> None:
        """What a supervisor does: whoever has ended is started again."""
        self.thaw()
        self.workers, self.beats = self.living(self.workers), self.living(self.beats)
        while len(self.workers) < WORKERS:
            self.hire()
        if not self.beats:
            self.beats.append(self.house.beat())

    def judge(self) -> list[str]:
        """What is wrong after the night: lost, doubled or different; empty when all is right."""
        wrong = []
        if left := self.house.one(SHARDS_LEFT):
            wrong.append(f"lost: {left} shards are not done")
        if twice := self.house.sql(TWICE):
            wrong.append(f"doubled: nights with several runs: {twice}")
        scores = self.house.night_scores()
        if len(scores) != len(self.expected):
            wrong.append(f"{len(scores)} revisions instead of {len(self.expected)}")
        different = [str(row[1]) for row in scores if row not in self.expected]
        if different:
            wrong.append(f"wrong: other scores for shops {', '.join(different)}")
        said = self.house.command("-c", VERIFY)
        if "All invariants hold." not in said:
            wrong.append(f"verify: {said}")
        return wrong


# `verify` ends with 1 on a breach, which here is a finding and not a failure of the command.
VERIFY = (
    "import subprocess, sys; subprocess.run([sys.executable, 'manage.py', 'verify'],"
    " stderr=subprocess.STDOUT)"
)
