"""The audit log: written with the change, linked, and never altered."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from shopguard.lib.request_ids import bind_request_id, release_request_id
from stores.models import AuditEntry, Shop, User
from stores.services.audit import GENESIS_HASH, audit_record, audit_verify


@pytest.fixture
def three_rows(dora: User, shop: Shop) -> list[AuditEntry]:
    """A chain of three rows."""
    return [
        audit_record(
            actor=dora,
            action="shop.rename",
            object_type="shop",
            object_id=shop.external_id,
            shop=shop,
            before={"name": "旧名", "tags": ["a", 1, None, True]},
            after={"name": name},
            reason="店主来电",
        )
        for name in ("甲", "乙", "丙")
    ]


def change_behind_the_back(sql: str, *parameters: object) -> None:
    """Run SQL as somebody who took the trigger away first."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE stores_auditentry DISABLE TRIGGER auditentry_final")
        cursor.execute(sql, parameters)
        cursor.execute("ALTER TABLE stores_auditentry ENABLE TRIGGER auditentry_final")


def test_the_first_row_follows_the_genesis_hash(three_rows: list[AuditEntry]) -> None:
    assert three_rows[0].previous_hash == GENESIS_HASH


def test_each_row_carries_the_hash_of_the_row_before_it(three_rows: list[AuditEntry]) -> None:
    first, second, third = three_rows
    assert (second.previous_hash, third.previous_hash) == (first.hash, second.hash)


def test_an_untouched_chain_is_intact(three_rows: list[AuditEntry]) -> None:
    report = audit_verify()
    assert report.is_intact
    assert report.rows == 3


@pytest.mark.usefixtures("db")
def test_an_empty_chain_is_intact() -> None:
    assert audit_verify().is_intact


@pytest.mark.parametrize(
    "change",
    [
        lambda row: AuditEntry.objects.filter(pk=row.pk).update(reason="nothing to see"),
        lambda row: AuditEntry.objects.filter(pk=row.pk).delete(),
        lambda row: row.delete(),
        lambda row: row.save(),
    ],
    ids=["update", "delete", "delete one", "save"],
)
def test_the_database_refuses_to_change_a_row(
    three_rows: list[AuditEntry], change: Callable[[AuditEntry], object]
) -> None:
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
        change(three_rows[1])
    assert audit_verify().is_intact


@pytest.mark.parametrize(
    "column", ["actor", "action", "object_type", "object_id", "reason", "request_id"]
)
def test_a_row_altered_behind_the_back_is_named(three_rows: list[AuditEntry], column: str) -> None:
    change_behind_the_back(
        f"UPDATE stores_auditentry SET {column} = 'forged' WHERE id = %s", three_rows[1].pk
    )
    report = audit_verify()
    assert report.broken_id == three_rows[1].pk
    assert "altered" in report.reason


def test_a_json_value_altered_behind_the_back_is_named(three_rows: list[AuditEntry]) -> None:
    change_behind_the_back(
        """UPDATE stores_auditentry SET after = '{"name": "丁"}' WHERE id = %s""", three_rows[2].pk
    )
    assert audit_verify().broken_id == three_rows[2].pk


def test_after_a_row_was_taken_out_the_next_one_is_named(three_rows: list[AuditEntry]) -> None:
    change_behind_the_back("DELETE FROM stores_auditentry WHERE id = %s", three_rows[1].pk)
    report = audit_verify()
    assert report.broken_id == three_rows[2].pk
    assert "does not follow" in report.reason


def test_a_row_slipped_in_is_named(three_rows: list[AuditEntry]) -> None:
    change_behind_the_back(
        "INSERT INTO stores_auditentry (at, actor, action, object_type, object_id, reason,"
        " request_id, previous_hash, hash) VALUES (now(), 'x', 'x', 'x', 'x', '', '', %s, %s)",
        "1" * 64,
        "2" * 64,
    )
    assert audit_verify().broken_id == AuditEntry.objects.order_by("-pk")[0].pk


def test_a_row_carries_the_number_of_its_request(dora: User) -> None:
    token = bind_request_id("req-12345678")
    try:
        entry = audit_record(actor=dora, action="x", object_type="x", object_id="1")
    finally:
        release_request_id(token)
    assert entry.request_id == "req-12345678"


def test_a_row_falls_with_the_change_it_tells_of(dora: User) -> None:
    with transaction.atomic():
        audit_record(actor=dora, action="x", object_type="x", object_id="1")
        transaction.set_rollback(True)
    assert not AuditEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_row_outside_a_transaction_is_refused() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        audit_record(actor="command", action="x", object_type="x", object_id="1")


@pytest.mark.parametrize("value", [1.5, {"x": 0.1}, [{"x": 1.0}], {1: "x"}, {"x": {1, 2}}])
def test_values_that_do_not_come_back_the_same_are_refused(dora: User, value: object) -> None:
    with pytest.raises(TypeError, match="audit values"):
        audit_record(actor=dora, action="x", object_type="x", object_id="1", after=value)  # type: ignore[arg-type]
