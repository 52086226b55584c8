"""Real workers are killed and frozen in the middle of an import: it ends as if once.

A chunk is held in the middle by a lock in the database, so a fault always finds work under way.
"""

import signal
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.nightly.house import House, Process, until

pytestmark = pytest.mark.process

ROWS, CHUNK = 400, 100
BRIEF = {
    "IMPORT_CHUNK_ROWS": str(CHUNK), "RELAY_SECONDS": "0.5", "IMPORT_LEASE_SECONDS": "4",
    "NIGHTLY_CATCH_UP_DAYS": "0",
    # A worker frozen within a shard keeps its rows for the lease of the shard: the import that
    # waits for them has more patience than that, here as in production.
    "IMPORT_MAX_ATTEMPTS": "30",
}  # fmt: skip
OWN_GATE = 4712
GATE = f"""
    CREATE FUNCTION import_gate() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_advisory_xact_lock({OWN_GATE}); RETURN NEW; END $$;
    CREATE TRIGGER import_gate BEFORE INSERT ON stores_importchunk
    FOR EACH ROW WHEN (NEW.number = 2) EXECUTE FUNCTION import_gate();"""
NEWEST = "SELECT {column} FROM stores_importupload ORDER BY id DESC LIMIT 1"
LANDED = "SELECT count(*) FROM stores_order WHERE external_id LIKE 'sent-%'"
COUNTS = """
    SELECT rows, new, changed, unchanged, rejected, status FROM stores_importbatch
    WHERE file_name = 'orders.csv'"""
UNDER_WAY = "SELECT count(*) FROM stores_importupload WHERE state IN ('checking', 'importing')"
CHUNKS = "SELECT number, count(*) FROM stores_importchunk GROUP BY number ORDER BY number"
CLEAN = """
    TRUNCATE stores_importupload, stores_importbatch CASCADE;
    DELETE FROM stores_orderline WHERE order_ref LIKE 'sent-%';
    DELETE FROM stores_order WHERE external_id LIKE 'sent-%'; DELETE FROM stores_outboxmessage;"""


@pytest.fixture(scope="module")
def built() -> Iterator[House]:
    """The house with a scheduler, and a gate in the third chunk of an import."""
    house = House()
    try:
        house.open()
        house.sql(GATE)
        yield house
    finally:
        house.close()


@pytest.fixture
def house(built: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """The house, in which nothing has been sent, with one worker and one scheduler."""
    for name, value in BRIEF.items():
        monkeypatch.setenv(name, value)
    built.sql(CLEAN)
    built.beat()
    yield built
    for process in built.processes:
        process.kill()


def newest(house: House, column: str) -> Any:
    return house.one(NEWEST.format(column=column))


def held_import(house: House) -> psycopg.Connection[Any]:
    """A file is being imported and its worker waits in the third chunk; returns the gate."""
    gate = psycopg.connect(house.postgres.url, autocommit=True)
    gate.execute(f"SELECT pg_advisory_lock({OWN_GATE})")
    house.command("-m", "tests.imports_web.send_orders", str(ROWS))
    until(lambda: newest(house, "done") == 2 * CHUNK, "two chunks landed", *house.processes)
    return gate


def ended_as_if_once(house: House) -> None:
    until(lambda: newest(house, "state") == "done", "the import ended", *house.processes)
    bad = ROWS // 10
    assert house.sql(COUNTS) == [(ROWS, ROWS - bad, 0, 0, bad, "applied")]
    assert house.one(LANDED) == ROWS - bad
    assert house.sql(CHUNKS) == [(number, 1) for number in range(ROWS // CHUNK)]
    assert newest(house, "(SELECT count(*) FROM stores_importpiece)") == 0
    kept = "(SELECT sum(jsonb_array_length(rows->'rows')) FROM stores_importrejects)"
    assert newest(house, kept) == bad
    assert house.one("SELECT count(*) FROM stores_auditentry WHERE action = 'import.applied'") >= 1


def test_a_file_is_imported_by_a_worker(house: House) -> None:
    house.worker()
    house.command("-m", "tests.imports_web.send_orders", str(ROWS))
    ended_as_if_once(house)
    assert newest(house, "taken_up") == 0


def test_a_worker_is_killed_in_the_middle_and_another_takes_the_file_up(house: House) -> None:
    worker = house.worker()
    gate = held_import(house)
    worker.kill()
    gate.close()
    house.worker()
    ended_as_if_once(house)
    assert newest(house, "taken_up") >= 1


def test_a_frozen_worker_is_shut_out(house: House) -> None:
    worker: Process = house.worker()
    gate = held_import(house)
    worker.signal(signal.SIGSTOP)
    gate.close()
    house.worker()
    ended_as_if_once(house)
    worker.signal(signal.SIGCONT)
    assert newest(house, "taken_up") >= 1


def test_the_database_is_killed_in_the_middle(house: House) -> None:
    house.worker()
    gate = held_import(house)
    house.kill_server(house.postgres)
    gate.close()
    house.postgres.start()
    ended_as_if_once(house)


def test_two_files_at_once_end_as_one_after_the_other_though_a_worker_dies(house: House) -> None:
    more = ROWS + 2 * CHUNK
    gate = psycopg.connect(house.postgres.url, autocommit=True)
    gate.execute(f"SELECT pg_advisory_lock({OWN_GATE})")
    for rows in (ROWS, more):
        house.command("-m", "tests.imports_web.send_orders", str(rows))
    worker = house.worker()
    first = "SELECT done FROM stores_importupload ORDER BY id LIMIT 1"
    until(lambda: house.one(first) == 2 * CHUNK, "two chunks landed", *house.processes)
    assert house.one("SELECT count(DISTINCT batch_id) FROM stores_importchunk") == 1
    worker.kill()
    gate.close()
    house.worker()
    until(lambda: house.one(UNDER_WAY) == 0, "both imports ended", *house.processes)
    good, new = ROWS * 9 // 10, 2 * CHUNK * 9 // 10
    assert house.sql(COUNTS + " ORDER BY id") == [
        (ROWS, good, 0, 0, ROWS - good, "applied"),
        (more, new, 0, good, more - good - new, "applied"),
    ]
    assert house.one(LANDED) == good + new


def test_a_new_score_follows_an_import(house: House) -> None:
    house.worker()
    house.command("-m", "tests.imports_web.send_orders", str(ROWS))
    ended_as_if_once(house)
    asked = "(SELECT finished_at FROM stores_run WHERE id = score_run_id)"
    until(lambda: newest(house, asked) is not None, "the new score is there", *house.processes)
