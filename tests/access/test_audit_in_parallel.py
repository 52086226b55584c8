"""Many writers at once still make one chain."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction

from stores.models import AuditEntry
from stores.services.audit import audit_record, audit_verify

WRITERS = 8
ROWS_EACH = 5


@contextmanager
def own_connection() -> Iterator[None]:
    """Close the thread's connection at the end; the test database could not be dropped else."""
    try:
        yield
    finally:
        connection.close()


def write(name: str) -> None:
    audit_record(actor=name, action="x", object_type="x", object_id="1")


@pytest.mark.django_db(transaction=True)
def test_parallel_writers_make_one_unbroken_chain() -> None:
    start = Barrier(WRITERS)

    def write_rows(number: int) -> None:
        with own_connection():
            start.wait()
            for _ in range(ROWS_EACH):
                with transaction.atomic():
                    write(f"writer {number}")

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write_rows, range(WRITERS)))
    assert AuditEntry.objects.count() == WRITERS * ROWS_EACH
    assert audit_verify().is_intact


@pytest.mark.django_db(transaction=True)
def test_a_writer_with_an_old_snapshot_is_refused_rather_than_forking_the_chain() -> None:
    start = Barrier(2)

    def write_with_snapshot(name: str) -> bool:
        with own_connection():
            try:
                with transaction.atomic():
                    with connection.cursor() as cursor:
                        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                        cursor.execute("SELECT count(*) FROM stores_auditentry")
                    start.wait()
                    write(name)
            except IntegrityError:
                return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(write_with_snapshot, ["a", "b"])) == [False, True]
    assert audit_verify().is_intact
