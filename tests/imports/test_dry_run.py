"""A dry run says what applying would do, and does nothing."""

from stores.models import ImportBatch, Order, OrderLine, PlatformCoverage, Product, Touch
from tests.imports.files import ORDER, SAMPLES, Desk, counts

MIXED = [
    ORDER,
    ORDER | {"line_no": 2, "product_id": "p-unknown"},
    ORDER | {"order_id": "o2", "quantity": "x"},
    ORDER | {"order_id": "o3"},
]


def test_a_dry_run_counts_like_the_import_that_follows(desk: Desk) -> None:
    """And reports the same problems."""
    desk.rows("orders", MIXED[0] | {"signed_at": ""})
    dry = desk.rows("orders", *MIXED, is_dry=True)
    assert dry["status"] == "dry_run"
    assert counts(dry) == (2, 1, 0, 1)
    wet = desk.rows("orders", *MIXED)
    assert dry | {"status": "applied"} == wet


def test_a_dry_run_leaves_no_trace(desk: Desk) -> None:
    """No record, no touch, no placeholder, no ledger row."""
    for kind, row in SAMPLES.items():
        desk.rows(kind, row, is_dry=True)
    desk.text("orders", "nothing\n", is_dry=True)
    for model in (Order, OrderLine, Product, Touch, ImportBatch, PlatformCoverage):
        assert not model._default_manager.exists()
