"""Answers of an open platform come in as they are: fen, milliseconds, numbers for words."""

import json
from typing import Any

import pytest

from aftersales.models import AfterSaleCase
from stores.models import Order, OrderLine
from stores.presets import presets
from tests.imports.files import API_ORDER as ORDER
from tests.imports.files import API_PLACED as PLACED
from tests.imports.files import DAY, Desk, counts, reasons, shanghai

CASE: dict[str, Any] = {
    "returnsId": "R1", "orderId": "P1", "returnType": 1, "status": 3, "reasonNameZh": "质量问题",
    "applyTime": PLACED, "updatedAt": PLACED + DAY, "expireTime": PLACED + 2 * DAY,
    "expectedRefundAmountYuan": 99.5, "refundAmountYuan": 99.5, "refundStatus": 1,
}  # fmt: skip


def orders(desk: Desk, text: str) -> dict[str, Any]:
    """Import orders of the shop ``plum``."""
    return desk.text("orders", text, preset=presets()["xhs-api-orders"], shop="plum")


def cases(desk: Desk, *records: dict[str, Any]) -> dict[str, Any]:
    """Import after-sales of the shop ``plum``."""
    text = "\n".join(map(json.dumps, records))
    return desk.text("aftersales", text, preset=presets()["xhs-api-aftersales"], shop="plum")


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(ORDER),
        json.dumps([ORDER], indent=2),
        json.dumps({"success": True, "data": {"orderList": [ORDER], "total": 1}}),
        json.dumps({"success": True, "data": ORDER}),
        "\ufeff\n" + json.dumps(ORDER, ensure_ascii=False) + "\n\n",
    ],
    ids=["line", "array", "answer with a list", "answer with one", "mark"],
)
def test_an_order_is_read_from_whatever_it_stands_in(desk: Desk, text: str) -> None:
    assert counts(orders(desk, text)) == (2, 0, 0, 0)
    order = Order.objects.get()
    assert (order.placed_at, order.finished_at) == (shanghai("2024-03-01 10:00"), None)
    assert order.ship_by == shanghai("2024-03-04 10:00")
    assert (order.trade_mode, order.logistics_mode) == ("bonded", "none")
    assert (order.order_paid, order.freight, order.province) == (128050, 0, "浙江省")
    assert order.buyer_ref not in ("", "u1")
    lines = OrderLine.objects.order_by("line_no").values_list("line_no", "product_ref", "line_paid")
    assert list(lines) == [(1, "p1", 100050), (2, "p2", 28000)]


def test_many_records_in_one_line_each_have_their_number(desk: Desk) -> None:
    many = [ORDER | {"orderId": f"P{n}"} for n in range(400)]
    many[123] |= {"createdTime": "soon"}
    report = orders(desk, json.dumps({"data": {"orderList": many}}))
    assert counts(report) == (798, 0, 0, 2)
    assert [problem["line"] for problem in report["problems"]] == [247, 248]
    assert report["problems"][0]["column"] == "createdTime"


def test_long_numbers_keep_every_digit(desk: Desk) -> None:
    orders(desk, json.dumps(ORDER | {"orderId": 1234567890123456789}))
    assert Order.objects.get().external_id == "1234567890123456789"


def test_an_order_without_lines_is_an_order(desk: Desk) -> None:
    assert counts(orders(desk, json.dumps(ORDER | {"skuList": []}))) == (1, 0, 0, 0)


@pytest.mark.parametrize(
    "line",
    ['{"orderId": "P2", "createdTime": 17', '{"orderId": P2}', '"P2"', "17", "[[[[" * 5000,
     '{"orderId": {"a": 1}}', '{"orderId": "P2\\u0000", "createdTime": 1709258400000}'],
)  # fmt: skip
def test_a_broken_record_spoils_only_itself(desk: Desk, line: str) -> None:
    good = json.dumps(ORDER), json.dumps(ORDER | {"orderId": "P3"})
    report = orders(desk, f"{good[0]}\n{line}\n{good[1]}\n")
    assert (report["new"], report["rejected"] >= 1) == (4, True)
    assert report["rows"] == sum(counts(report))
    assert all(reasons(report))


def test_a_file_cut_off_in_a_record_says_so(desk: Desk) -> None:
    text = json.dumps([ORDER, ORDER | {"orderId": "P2"}])
    report = orders(desk, text[:-40])
    assert counts(report) == (2, 0, 0, 1)


def test_json_needs_a_preset_that_knows_it(desk: Desk) -> None:
    report = desk.text("orders", json.dumps(ORDER), shop="plum")
    assert report["status"] == "refused"
    assert "xhs-api-orders" in report["reason"]


@pytest.mark.parametrize(
    ("told", "kind", "outcome"),
    [
        ({}, "return_refund", "open"),
        ({"returnType": 2, "status": 4}, "exchange", "completed"),
        ({"returnType": 4, "status": 9001}, "refund_shipped", "rejected"),
        ({"returnType": 5, "status": 5}, "refund_unshipped", "cancelled"),
    ],
)
def test_a_case_has_its_kind_and_outcome(
    desk: Desk, told: dict[str, Any], kind: str, outcome: str
) -> None:
    assert counts(cases(desk, CASE | told)) == (1, 0, 0, 0)
    case = AfterSaleCase.objects.get()
    assert (case.kind, case.outcome, case.reason) == (kind, outcome, "质量问题")
    assert (case.requested, case.closed_at) == (9950, None)


def test_money_moved_only_where_the_refund_is_done(desk: Desk) -> None:
    """A finished exchange has the same status as a finished refund."""
    done = CASE | {"returnsId": "R2", "status": 4, "refundStatus": 2}
    silent = {name: value for name, value in CASE.items() if name != "refundStatus"}
    cases(desk, CASE | {"status": 4}, done, silent | {"returnsId": "R3"})
    refunded = AfterSaleCase.objects.order_by("external_id").values_list("refunded", flat=True)
    assert list(refunded) == [None, 9950, None]


def test_a_deadline_is_the_shops_only_while_it_has_to_act(desk: Desk) -> None:
    cases(desk, CASE, CASE | {"returnsId": "R2", "status": 2})
    first, second = AfterSaleCase.objects.order_by("external_id")
    assert (first.deadline_at, second.deadline_at) == (shanghai("2024-03-03 10:00"), None)


@pytest.mark.parametrize("told", [{"returnType": 6}, {"status": 11}, {"status": "完成"}])
def test_what_the_list_of_codes_does_not_have_is_reported(desk: Desk, told: dict[str, Any]) -> None:
    report = cases(desk, CASE | told)
    assert counts(report) == (0, 0, 0, 1)
    assert "不在可用值之列" in reasons(report)[0]
