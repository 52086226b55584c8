"""One row per line; what belongs to the order is read from its first row."""

import csv

from pytest_django import Settings

from stores.models import Order, OrderLine
from tests.imports.files import ORDER, Desk, counts, reasons, shanghai


def lines() -> list[tuple[str, int, int | None]]:
    """Order, number and quantity of every line."""
    rows = OrderLine.objects.order_by("order_ref", "line_no")
    return list(rows.values_list("order_ref", "line_no", "quantity"))


def test_an_order_may_have_many_lines(desk: Desk) -> None:
    """Every row is new; the order exists once."""
    rows = [ORDER | {"line_no": n, "quantity": n} for n in (1, 2, 3)]
    assert counts(desk.rows("orders", *rows)) == (3, 0, 0, 0)
    assert Order.objects.count() == 1
    assert lines() == [("o1", 1, 1), ("o1", 2, 2), ("o1", 3, 3)]


def test_a_later_line_that_differs_is_reported(desk: Desk) -> None:
    """The first row is believed, also where it says nothing."""
    first = ORDER | {"freight": ""}
    second = ORDER | {"line_no": 2, "province": "浙江", "freight": "5"}
    report = desk.rows("orders", first | {"province": "广东"}, second)
    assert counts(report) == (2, 0, 0, 0)
    assert report["warnings"] == 1
    assert "以首行为准" in reasons(report)[0]
    order = Order.objects.get()
    assert (order.province, order.freight) == ("广东", None)


def test_a_rejected_first_row_leaves_the_order_to_the_next(desk: Desk) -> None:
    """Good rows land."""
    second = ORDER | {"line_no": 2, "signed_at": "2024-03-05 12:00:00"}
    report = desk.rows("orders", ORDER | {"quantity": "x"}, second)
    assert counts(report) == (1, 0, 0, 1)
    assert Order.objects.get().signed_at == shanghai("2024-03-05 12:00")


def test_an_order_whose_every_row_breaks_a_rule_is_not_created(desk: Desk) -> None:
    """Each row would have to be read as the order's first."""
    bad = ORDER | {"signed_at": "2024-03-01 09:00:00"}
    assert counts(desk.rows("orders", bad, bad | {"line_no": 2})) == (0, 0, 0, 2)
    assert not Order.objects.exists()
    assert not OrderLine.objects.exists()


def test_the_same_line_twice_the_last_wins(desk: Desk) -> None:
    """The row before it is unchanged with a warning, but still the first of its order."""
    first = ORDER | {"quantity": 1, "province": "广东"}
    report = desk.rows("orders", first, ORDER | {"quantity": 7, "province": ""})
    assert counts(report) == (1, 0, 1, 0)
    assert "第 3 行再次出现" in reasons(report)[0]
    assert lines() == [("o1", 1, 7)]
    assert Order.objects.get().province == "广东"


def test_a_rejected_repetition_leaves_the_row_before_it(desk: Desk) -> None:
    """Only a row that holds can win."""
    report = desk.rows("orders", ORDER | {"quantity": 1}, ORDER | {"quantity": "x"})
    assert counts(report) == (1, 0, 0, 1)
    assert lines() == [("o1", 1, 1)]


def test_without_numbers_lines_count_in_file_order(desk: Desk) -> None:
    """Also when the lines of orders are mixed, and over a rejected one."""
    plain = {name: value for name, value in ORDER.items() if name != "line_no"}
    rows = [
        plain | {"quantity": 1},
        plain | {"order_id": "o2", "quantity": 2},
        plain | {"quantity": "x"},
        plain | {"quantity": 4},
    ]
    assert counts(desk.rows("orders", *rows)) == (3, 0, 0, 1)
    assert lines() == [("o1", 1, 1), ("o1", 3, 4), ("o2", 1, 2)]
    with desk.errors.open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["line_no"] == "2"


def test_lines_of_an_order_may_lie_far_apart(desk: Desk, settings: Settings) -> None:
    """However the file is cut into chunks, an order is read from its first row."""
    settings.IMPORT_CHUNK_ROWS = 3
    far = [ORDER | {"order_id": f"x{n}"} for n in range(10)]
    second = ORDER | {"line_no": 2, "province": "浙江", "quantity": 9}
    report = desk.rows("orders", ORDER | {"province": "广东"}, *far, second, ORDER)
    assert counts(report) == (12, 0, 1, 0)
    assert Order.objects.get(external_id="o1").province == "广东"
    assert [row for row in lines() if row[0] == "o1"] == [("o1", 1, 2), ("o1", 2, 9)]
    assert counts(desk.rows("orders", ORDER | {"province": "广东"}, *far, second)) == (0, 0, 12, 0)


def test_a_change_of_the_order_counts_once(desk: Desk) -> None:
    """At the row it is read from."""
    rows = [ORDER | {"line_no": n} for n in (1, 2)]
    desk.rows("orders", *rows)
    report = desk.rows("orders", *(row | {"signed_at": "2024-03-06 12:00:00"} for row in rows))
    assert counts(report) == (0, 1, 1, 0)


def test_one_number_in_two_shops_is_two_orders(desk: Desk, other_shop: object) -> None:
    """Identity is per shop."""
    report = desk.rows("orders", ORDER, ORDER | {"shop_id": "birch"})
    assert counts(report) == (2, 0, 0, 0)
    assert Order.objects.count() == 2
