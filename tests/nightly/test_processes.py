"""Real workers, schedulers and servers are killed in the middle of a night: the same scores.

A shard is held in the middle by a lock in the database, so a fault always finds work under way
and no test waits for a while and hopes.
"""

import os
import random
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from celery import Celery

from tests.nightly.house import House, Process, until

pytestmark = pytest.mark.process

AT_WORK = "SELECT count(*) FROM stores_shard WHERE state = 'running'"
NOT_DONE = "SELECT key, state, attempts, error FROM stores_shard WHERE state <> 'done'"
MOST_ATTEMPTS = "SELECT max(attempts) FROM stores_shard"
NIGHTS = "SELECT day, count(*) FROM stores_run GROUP BY day HAVING count(*) > 1"
SHARDS = "SELECT id, state, attempts, fence, finished_at FROM stores_shard ORDER BY id"
POISON = """
    CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'this industry is poisoned'; END $$;
    CREATE TRIGGER poison BEFORE INSERT ON servicescore_scorerevision
    FOR EACH ROW WHEN (NEW.industry = 'home') EXECUTE FUNCTION poison();"""
CURE = "DROP TRIGGER poison ON servicescore_scorerevision; DROP FUNCTION poison();"


@pytest.fixture(scope="module")
def built() -> Iterator[tuple[House, list[tuple[Any, ...]]]]:
    """The house, and the scores of its night when nothing goes wrong."""
    house = House()
    try:
        house.open()
        house.command("manage.py", "recompute", "--date", str(house.day), "--quiet")
        expected = house.night_scores()
        assert len([row for row in expected if row[4] is not None]) == 8
        house.beat()
        yield house, expected
    finally:
        house.close()


class Crew:
    """The workers of the house that live; killed ones are replaced."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.workers: list[Process] = []

    def any(self) -> Process:
        """A living worker."""
        self.workers = [worker for worker in self.workers if worker.running.poll() is None]
        if not self.workers:
            self.workers.append(self.house.worker())
        return self.workers[-1]


@pytest.fixture(scope="module")
def crew(built: tuple[House, Any]) -> Crew:
    return Crew(built[0])


@pytest.fixture
def house(built: tuple[House, Any], crew: Crew) -> House:
    """The house with a worker and a scheduler, in which no run has ever been."""
    crew.any()
    built[0].forget_runs()
    return built[0]


@pytest.fixture
def expected(built: tuple[House, list[tuple[Any, ...]]]) -> list[tuple[Any, ...]]:
    return built[1]


def begin(house: House) -> Any:
    """The night has begun and a shard is in the middle of its work; returns the gate."""
    gate = house.shut_gate()
    house.let_nights_come()
    until(lambda: house.one(AT_WORK) > 0, "a shard is worked on")
    return gate


def end(house: House, expected: list[tuple[Any, ...]]) -> None:
    """The night ends, and its scores are those of a night without faults."""
    house.wait_for_end()
    assert house.sql(NOT_DONE) == []
    assert house.night_scores() == expected
    assert house.sql(NIGHTS) == []


def test_a_worker_is_killed_in_the_middle(
    house: House, crew: Crew, expected: list[tuple[Any, ...]]
) -> None:
    gate = begin(house)
    crew.any().kill()
    gate.close()
    crew.any()
    end(house, expected)
    assert house.one(MOST_ATTEMPTS) > 1
    assert "All invariants hold." in house.command("manage.py", "verify")


def test_one_child_of_a_worker_is_killed_in_the_middle(
    house: House, crew: Crew, expected: list[tuple[Any, ...]]
) -> None:
    gate = begin(house)
    for child in crew.any().children():
        os.kill(child, signal.SIGKILL)
    gate.close()
    end(house, expected)
    assert house.one(MOST_ATTEMPTS) > 1


def test_the_broker_is_killed_and_comes_back_without_memory(
    house: House, expected: list[tuple[Any, ...]]
) -> None:
    gate = begin(house)
    house.kill_server(house.valkey)
    gate.close()
    house.valkey.start()
    end(house, expected)


def test_the_database_is_killed_and_comes_back(
    house: House, expected: list[tuple[Any, ...]]
) -> None:
    gate = begin(house)
    house.kill_server(house.postgres)
    gate.close()
    house.postgres.start()
    end(house, expected)
    assert "All invariants hold." in house.command("manage.py", "verify")


def test_two_schedulers_begin_the_night_once(house: House, expected: list[tuple[Any, ...]]) -> None:
    second = house.beat()
    until(lambda: second.says("Sending due task sweep"), "the second scheduler schedules")
    house.let_nights_come()
    for _ in range(5):
        sender(house).send_task("shopguard.tasks.start_nightly")
    end(house, expected)
    second.kill()


def test_every_task_is_delivered_three_times_and_again_when_all_is_done(
    house: House, expected: list[tuple[Any, ...]]
) -> None:
    gate = begin(house)
    thrice(house)
    gate.close()
    until(lambda: house.one("SELECT count(*) FROM stores_shard WHERE state <> 'done'") == 0, "done")
    end(house, expected)
    assert house.one(MOST_ATTEMPTS) < 3
    before = house.sql(SHARDS)
    thrice(house)
    until(lambda: waiting_messages(house) == 0, "the queue is empty")
    assert house.sql(SHARDS) == before
    assert house.night_scores() == expected


def test_a_worker_that_was_frozen_past_its_lease_changes_nothing_when_it_wakes_up(
    house: House, crew: Crew, expected: list[tuple[Any, ...]]
) -> None:
    crew.any().kill()
    sleeper = house.worker(SHARD_LEASE_SECONDS="3")
    try:
        gate = begin(house)
        sleeper.signal(signal.SIGSTOP)
        gate.close()
        crew.any()
        end(house, expected)
        assert house.one(MOST_ATTEMPTS) > 1
        before = house.sql(SHARDS)
        sleeper.signal(signal.SIGCONT)
        until(lambda: sleeper.says("failed") or sleeper.says("fenced out"), "it noticed")
    finally:
        sleeper.kill()
    assert house.sql(SHARDS) == before
    assert house.night_scores() == expected


def test_a_poisoned_industry_fails_with_its_reason_and_the_others_have_their_scores(
    house: House, expected: list[tuple[Any, ...]]
) -> None:
    house.sql(POISON)
    house.let_nights_come()
    house.wait_for_end()
    house.sql(CURE)
    assert {(key, state) for key, state, _, _ in house.sql(NOT_DONE)} == {("home", "failed")}
    assert house.one("SELECT min(attempts) FROM stores_shard WHERE state = 'failed'") == 3
    assert "poisoned" in house.one("SELECT error FROM stores_shard WHERE state = 'failed' LIMIT 1")
    assert set(house.sql("SELECT state FROM stores_run")) == {("done_with_errors",)}
    healthy = {row[1]: row for row in house.night_scores()}
    assert list(healthy.values()) == [row for row in expected if row[1] in healthy]
    assert len(healthy) == 4
    house.command("manage.py", "recompute", "--date", str(house.day), "--quiet")
    assert house.night_scores() == expected


def sender(house: House) -> Celery:
    """A stranger who knows the broker."""
    return Celery(broker=house.valkey.url)


def thrice(house: House) -> None:
    """Ring three times for every shard there is, in any order."""
    shards = [row[0] for row in house.sql("SELECT id FROM stores_shard")] * 3
    random.Random(3).shuffle(shards)
    app = sender(house)
    for shard in shards:
        app.send_task("shopguard.tasks.work_shard", args=[shard], kwargs={"newer": "argument"})


def waiting_messages(house: House) -> int:
    """Messages in the queue of shards, and those a worker has not acknowledged."""
    with sender(house).connection_for_read() as connection:
        client = connection.default_channel.client
        return int(client.llen("celery")) + int(client.hlen("unacked"))
