"""A worker that hangs with its locks in hand is shown out; one that lives is left alone."""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection

from stores.models import Shard, State
from stores.services.runs import SHARD_LOCKS, leases_sweep, shard_claim, shard_hold
from tests.nightly.house import until
from tests.nightly.test_ledger import ReadShard, claimed, lease_runs_out

pytestmark = pytest.mark.django_db
FREE = "SELECT pg_try_advisory_xact_lock(%s)"


class Frozen:
    """The session of a worker that says nothing any more, in the middle of its transaction."""

    def __init__(self, shard: Shard) -> None:
        asked = connection.get_connection_params()
        names = ("host", "port", "user", "password", "dbname")
        self.session = psycopg.connect(**{name: asked[name] for name in names if asked.get(name)})
        self.session.execute("SELECT pg_advisory_xact_lock(%s)", [SHARD_LOCKS + shard.pk])

    def is_out(self) -> bool:
        """Whether the server has ended the session."""
        try:
            self.session.execute("SELECT 1")
        except psycopg.OperationalError:
            return True
        return False


@pytest.fixture
def frozen(shard: ReadShard) -> Iterator[Frozen]:
    """It hangs in shard a, whose lease has run out."""
    claimed(shard("a"))
    worker = Frozen(shard("a"))
    lease_runs_out(shard("a"))
    yield worker
    worker.session.close()


def lock_is_free(shard: Shard) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(FREE, [SHARD_LOCKS + shard.pk])
        return bool(cursor.fetchone()[0])


def test_the_sweep_takes_the_shard_back_and_ends_the_session_that_holds_its_lock(
    frozen: Frozen, shard: ReadShard
) -> None:
    assert not lock_is_free(shard("a"))
    assert leases_sweep() == 1
    assert until(frozen.is_out, "the frozen session ended")
    assert until(lambda: lock_is_free(shard("a")), "its lock was let go")
    assert shard("a").state == State.PENDING


def test_the_next_worker_does_not_wait_for_a_frozen_one(frozen: Frozen, shard: ReadShard) -> None:
    second = shard_claim(shard_id=shard("a").pk)
    assert second is not None
    assert second.attempt == 2
    shard_hold(claim=second)
    assert frozen.is_out()


def test_a_worker_within_its_lease_keeps_its_session(shard: ReadShard) -> None:
    claimed(shard("b"))
    living = Frozen(shard("b"))
    claimed(shard("a"))
    lease_runs_out(shard("a"))
    assert leases_sweep() == 1
    assert not living.is_out()
    assert shard("b").state == State.RUNNING
    living.session.close()
