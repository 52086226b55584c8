"""Killed half-way and started again, an import ends as if it had run once."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings

from stores.models import ImportBatch
from tests.imports.files import ORDER, Desk, counts

ROWS = [
    ORDER | {"order_id": f"o{n}", "signed_at": f"2024-03-{n % 20 + 4:02d} 09:00:00"}
    for n in range(23)
]
# A wrong row in an early and in a late chunk, a superseded row, and lines of an order far apart.
ROWS[3] |= {"quantity": "x"}
ROWS[20] |= {"quantity": "x"}
ROWS += [ORDER | {"order_id": "o1", "line_no": 2, "province": "浙江"}, ROWS[5]]


class Killed(BaseException):
    """Stands for the end of a process between two chunks."""


def dies_after(rows: int) -> Callable[[str, int, int], None]:
    """A listener that ends the import once so many rows are in."""

    def told(stage: str, done: int, total: int) -> None:
        if stage == "write" and done >= rows:
            raise Killed

    return told


def world() -> dict[str, list[tuple[Any, ...]]]:
    """Everything an import leaves behind, without keys and clocks."""
    queries = {
        "orders": "SELECT shop_id, external_id, signed_at, ship_by, province FROM stores_order",
        "lines": "SELECT order_ref, line_no, quantity FROM stores_orderline",
        "products": "SELECT external_id, is_placeholder FROM stores_product",
        "touches": "SELECT DISTINCT shop_id, day FROM stores_touch",
    }
    with connection.cursor() as cursor:
        found = {}
        for name, query in queries.items():
            cursor.execute(query)
            found[name] = sorted(cursor.fetchall(), key=repr)
        return found


def emptied() -> None:
    """No facts and no batches."""
    with connection.cursor() as cursor:
        for table in ("order", "orderline", "product", "touch", "importchunk", "importbatch"):
            cursor.execute(f"DELETE FROM stores_{table}")


@pytest.fixture
def once(desk: Desk, settings: Settings) -> Mapping[str, Any]:
    """What a single run ends with: report, errors file and database."""
    settings.IMPORT_CHUNK_ROWS = 5
    report = desk.rows("orders", *ROWS)
    ended = {"report": report, "errors": desk.errors.read_text(encoding="utf-8"), "world": world()}
    emptied()
    return ended


@pytest.mark.parametrize("rows", [1, 6, 11, 16, 21, 25])
def test_a_second_start_ends_like_a_single_run(
    desk: Desk, once: Mapping[str, Any], rows: int
) -> None:
    """Same records, same touches, same report, same errors file, one batch."""
    with pytest.raises(Killed):
        desk.rows("orders", *ROWS, told=dies_after(rows))
    assert ImportBatch.objects.get().status == ImportBatch.Status.RUNNING
    assert desk.rows("orders", *ROWS) == once["report"]
    assert desk.errors.read_text(encoding="utf-8") == once["errors"]
    assert world() == once["world"]
    batch = ImportBatch.objects.get()
    assert batch.status == ImportBatch.Status.APPLIED
    assert batch.rows == sum(batch.chunks.values_list("rows", flat=True)) == len(ROWS)


def test_an_import_that_dies_twice_still_ends(desk: Desk, once: Mapping[str, Any]) -> None:
    """Each start goes on where the last one stopped."""
    for rows in (6, 16):
        with pytest.raises(Killed):
            desk.rows("orders", *ROWS, told=dies_after(rows))
    assert desk.rows("orders", *ROWS) == once["report"]
    assert world() == once["world"]


def test_another_file_does_not_take_up_the_batch(desk: Desk, settings: Settings) -> None:
    """Nor does the same file of another time, or cut into other chunks."""
    settings.IMPORT_CHUNK_ROWS = 5
    with pytest.raises(Killed):
        desk.rows("orders", *ROWS, told=dies_after(6))
    assert counts(desk.rows("orders", *ROWS[:10]))[0] == 5
    desk.rows("orders", *ROWS, as_of="2024-04-01 00:00")
    settings.IMPORT_CHUNK_ROWS = 4
    desk.rows("orders", *ROWS)
    statuses = list(ImportBatch.objects.order_by("pk").values_list("status", flat=True))
    assert statuses == ["running", "applied", "applied", "applied"]


def test_what_is_done_is_not_taken_up_again(desk: Desk, once: Mapping[str, Any]) -> None:
    """A third import is an import of its own, and changes nothing."""
    desk.rows("orders", *ROWS)
    report = desk.rows("orders", *ROWS)
    assert counts(report) == (0, 0, 23, 2)
    assert ImportBatch.objects.count() == 2
