"""XLSX files end like the CSV files with the same cells."""

from datetime import date, datetime
from typing import Any

import pytest
from pytest_django import Settings

from stores.models import Order, Product, Review
from tests.imports.files import ORDER, PRODUCT, REVIEW, Desk, counts, reasons, shanghai
from tests.imports.workbooks import changed, table, workbook

SHEET = "xl/worksheets/sheet1.xml"


def test_a_workbook_is_read_like_a_text(desk: Desk) -> None:
    bad = ORDER | {"order_id": "o2", "quantity": "x"}
    report = desk.data("orders", workbook(table(ORDER, bad)))
    assert counts(report) == (1, 0, 0, 1)
    assert (report["encoding"], report["problems"][0]["line"]) == ("XLSX", 3)
    assert counts(desk.rows("orders", ORDER)) == (0, 0, 1, 0)


def test_ids_that_are_text_keep_their_zeros(desk: Desk) -> None:
    desk.data("orders", workbook(table(ORDER | {"order_id": "007"})))
    assert Order.objects.get().external_id == "007"


def test_ids_that_are_numbers_are_written_without_a_point(desk: Desk) -> None:
    desk.data("orders", workbook(table(ORDER | {"order_id": 123456789012345})))
    assert Order.objects.get().external_id == "123456789012345"


def test_ids_whose_digits_excel_has_lost_are_rejected(desk: Desk) -> None:
    report = desk.data("orders", workbook(table(ORDER | {"order_id": 1234567890123456789})))
    assert counts(report) == (0, 0, 0, 1)
    assert "科学计数法" in reasons(report)[0]


def test_times_and_dates_are_read_as_they_are_shown(desk: Desk) -> None:
    cells = {
        "placed_at": datetime(2024, 3, 1, 10, 0),
        "paid_at": datetime(2024, 3, 1, 10, 0, 5),
        "presale_ship_by": date(2024, 3, 9),
    }
    midnight = cells | {"placed_at": datetime(2024, 3, 1), "order_id": "o2"}
    report = desk.data("orders", workbook(table(ORDER | cells, ORDER | midnight)))
    assert counts(report) == (2, 0, 0, 0)
    first, second = Order.objects.order_by("external_id")
    assert first.paid_at == shanghai("2024-03-01 10:00").replace(second=5)
    assert first.presale_ship_by == date(2024, 3, 9)
    assert second.placed_at == shanghai("2024-03-01 00:00")


def test_a_column_of_dates_is_no_column_of_times(desk: Desk) -> None:
    report = desk.data("orders", workbook(table(ORDER | {"placed_at": date(2024, 3, 1)})))
    assert counts(report) == (0, 0, 0, 1)
    assert "缺少时刻" in reasons(report)[0]


@pytest.mark.parametrize(
    ("cell", "fen"), [(99, 9900), (99.5, 9950), (0.1 + 0.2, 30), ("99.00", 9900)]
)
def test_amounts_are_exact(desk: Desk, cell: Any, fen: int) -> None:
    desk.data("products", workbook(table(PRODUCT | {"price": cell, "is_virtual": True})))
    product = Product.objects.get()
    assert (product.price, product.is_virtual) == (fen, True)


def test_formulas_are_read_as_their_values(desk: Desk) -> None:
    rows = table(PRODUCT | {"price": "=1+1"})
    data = changed(workbook(rows), SHEET, "<f>1+1</f><v>0</v>", "<f>1+1</f><v>2</v>")
    desk.data("products", data)
    assert Product.objects.get().price == 200


@pytest.mark.parametrize("value", ["", "<v></v>", "<v/>"])
def test_formulas_nobody_worked_out_refuse_the_file(desk: Desk, value: str) -> None:
    rows = table(PRODUCT | {"price": "=1+1"})
    data = changed(workbook(rows), SHEET, "<f>1+1</f><v>0</v>", f"<f>1+1</f>{value}")
    report = desk.data("products", data)
    assert report["status"] == "refused"
    assert "公式" in report["reason"]


def test_an_error_value_is_not_taken_for_nothing(desk: Desk) -> None:
    rows = table(PRODUCT | {"price": "=1/0"}, PRODUCT | {"product_id": "p2", "price": 3})
    data = changed(workbook(rows), SHEET, "><f>1/0</f><v>0</v>", ' t="e"><f>1/0</f><v>#DIV/0!</v>')
    report = desk.data("products", data)
    assert counts(report) == (1, 0, 0, 1)
    assert report["problems"][0]["value"] == "#DIV/0!"


def test_blank_rows_and_a_title_above_the_header_are_passed_over(desk: Desk) -> None:
    header, row = table(ORDER)
    bad = [cell if cell != "o1" else "" for cell in row]
    rows = [[], [], ["订单导出"], [], header, row, [], bad]
    report = desk.data("orders", workbook(rows, merged=["A1:D1"]))
    assert counts(report) == (1, 0, 0, 1)
    assert report["problems"][0]["line"] == 8


def test_the_first_sheet_with_the_columns_is_read(desk: Desk) -> None:
    notes = [["说明"], ["请勿修改"]]
    other = workbook(notes, table(PRODUCT), table(ORDER), table(ORDER | {"order_id": "o2"}))
    assert counts(desk.data("orders", other)) == (1, 0, 0, 0)
    assert Order.objects.get().external_id == "o1"


def test_a_workbook_without_the_columns_is_refused(desk: Desk) -> None:
    report = desk.data("orders", workbook([["说明"], ["请勿修改"]], table(PRODUCT)))
    assert report["status"] == "refused"
    assert "order_id" in report["reason"]
    assert desk.data("orders", workbook([]))["reason"] == "文件是空的"


def test_a_cell_right_of_the_header_spoils_its_row(desk: Desk) -> None:
    header, row = table(REVIEW)
    report = desk.data("reviews", workbook([header, row, [*row, "more"]]))
    assert counts(report) == (1, 0, 0, 1)


def test_long_cells_and_broken_characters_come_back(desk: Desk, settings: Settings) -> None:
    settings.IMPORT_MAX_CELL_CHARS = 100
    long = REVIEW | {"review_id": "r2", "text": "长" * 101}
    broken = REVIEW | {"review_id": "r3", "text": "坏\ufffd"}
    report = desk.data("reviews", workbook(table(REVIEW, long, broken)))
    assert counts(report) == (1, 0, 0, 2)
    assert [problem["line"] for problem in report["problems"]] == [3, 4]


def test_too_many_rows_are_to_be_saved_as_text(desk: Desk, settings: Settings) -> None:
    settings.IMPORT_XLSX_MAX_ROWS = 30
    rows = [REVIEW | {"review_id": f"r{n}"} for n in range(31)]
    report = desk.data("reviews", workbook(table(*rows)))
    assert report["status"] == "refused"
    assert "30 行；请另存为 CSV" in report["reason"]
    assert not Review.objects.exists()
    assert counts(desk.data("reviews", workbook(table(*rows[:30])))) == (30, 0, 0, 0)


def test_many_blocks_are_all_read(desk: Desk) -> None:
    rows = [REVIEW | {"review_id": f"r{n}"} for n in range(4_500)]
    assert counts(desk.data("reviews", workbook(table(*rows)))) == (4_500, 0, 0, 0)
