"""A newer file updates, an older one only fills gaps, an empty cell erases nothing."""

import pytest

from stores.models import Order, Product
from tests.imports.files import ORDER, PRODUCT, Desk, counts, shanghai


def order() -> Order:
    """The only order."""
    return Order.objects.get()


def test_a_newer_file_updates_by_identity(desk: Desk) -> None:
    """Only what it says differently changes."""
    desk.rows("orders", ORDER)
    report = desk.rows("orders", ORDER | {"signed_at": "2024-03-05 08:00:00"})
    assert counts(report) == (0, 1, 0, 0)
    assert order().signed_at == shanghai("2024-03-05 08:00")
    assert order().order_paid == 9900


def test_an_empty_cell_never_erases(desk: Desk) -> None:
    """Nor does a column that is missing."""
    desk.rows("orders", ORDER)
    assert counts(desk.rows("orders", ORDER | {"signed_at": "", "order_paid": ""})) == (0, 0, 1, 0)
    short = {name: ORDER[name] for name in ("shop_id", "order_id", "line_no")}
    assert counts(desk.rows("orders", short)) == (0, 0, 1, 0)
    assert order().signed_at == shanghai("2024-03-04 12:00")


def test_a_backslash_n_erases(desk: Desk) -> None:
    """The deadline goes with the payment it was worked out from; a flag returns to its default."""
    desk.rows("orders", ORDER | {"is_promotion": "yes"})
    report = desk.rows("orders", ORDER | {"paid_at": "\\N", "is_promotion": "\\N", "buyer": "\\N"})
    assert counts(report) == (0, 1, 0, 0)
    assert order().paid_at is None
    assert order().ship_by is None
    assert order().is_promotion is False
    assert order().buyer_ref == ""


def test_what_a_record_needs_cannot_be_erased(desk: Desk) -> None:
    """The row is rejected and the record stays as it is."""
    desk.rows("orders", ORDER)
    assert counts(desk.rows("orders", ORDER | {"placed_at": "\\N"})) == (0, 0, 0, 1)


def test_a_row_that_only_updates_needs_the_identity_alone(desk: Desk) -> None:
    """What is required is required of new records."""
    desk.rows("products", PRODUCT)
    report = desk.rows("products", {"shop_id": "plum", "product_id": "p1", "price": "5"})
    assert counts(report) == (0, 1, 0, 0)
    assert Product.objects.get().title == "面霜"


def test_an_older_file_rolls_nothing_back(desk: Desk) -> None:
    """It creates what is missing, fills what is unknown, and no more."""
    desk.rows("orders", ORDER | {"shipped_at": ""}, as_of="2024-04-02 00:00")
    older = ORDER | {"signed_at": "2024-03-03 01:00:00"}
    report = desk.rows("orders", older, ORDER | {"order_id": "o2"}, as_of="2024-04-01 00:00")
    assert counts(report) == (1, 1, 0, 0)
    first = Order.objects.get(external_id="o1")
    assert first.shipped_at == shanghai("2024-03-02 09:00")
    assert first.signed_at == shanghai("2024-03-04 12:00")
    assert first.as_of == shanghai("2024-04-02 00:00")


def test_an_older_file_does_not_erase(desk: Desk) -> None:
    """Its word was overtaken."""
    desk.rows("orders", ORDER, as_of="2024-04-02 00:00")
    report = desk.rows("orders", ORDER | {"signed_at": "\\N"}, as_of="2024-04-01 00:00")
    assert counts(report) == (0, 0, 1, 0)


def test_a_file_that_repeats_a_value_defends_it(desk: Desk) -> None:
    """A, then A again much later: a file from between the two no longer overrules."""
    desk.rows("orders", ORDER, as_of="2024-04-01 00:00")
    desk.rows("orders", ORDER, as_of="2024-04-03 00:00")
    between = ORDER | {"signed_at": "2024-03-20 00:00:00"}
    assert counts(desk.rows("orders", between, as_of="2024-04-02 00:00")) == (0, 0, 1, 0)
    assert counts(desk.rows("orders", between, as_of="2024-04-04 00:00")) == (0, 1, 0, 0)


@pytest.mark.parametrize("column", ["line_paid", "sku", "spec"])
def test_a_line_is_defended_like_its_order(desk: Desk, column: str) -> None:
    """Lines have their own time."""
    row = ORDER | {column: "7"}
    desk.rows("orders", row, as_of="2024-04-01 00:00")
    desk.rows("orders", row, as_of="2024-04-03 00:00")
    report = desk.rows("orders", row | {column: "8"}, as_of="2024-04-02 00:00")
    assert counts(report) == (0, 0, 1, 0)


def test_without_a_time_the_later_upload_is_the_newer(desk: Desk) -> None:
    """Even within one second."""
    for hour in ("08", "09", "10"):
        desk.rows("orders", ORDER | {"signed_at": f"2024-03-04 {hour}:00:00"})
    assert order().signed_at == shanghai("2024-03-04 10:00")
