"""小红书's exports of after-sales: asked for is not paid, and a word decides the state."""

import pytest

from aftersales.models import AfterSaleCase
from stores.presets import presets
from stores.services.imports.recognise import guesses
from tests.imports.exports import XHS_CASE_DETAILS, XHS_CASES, export
from tests.imports.files import Desk, counts, reasons, shanghai

CASE = {
    "售后单号": "R1", "订单号": "P1", "售后类型": "退货退款", "原因": "质量问题",
    "状态": "待商家收货",
    "申请售后金额（元）": "99.00", "退货创建时间": "2024/3/1 10:00", "商家确认收货时间": "--",
}  # fmt: skip
DETAIL = {
    "售后ID": "R1", "订单ID": "P1", "退货类型": "1", "售后状态": "3",
    "创建时间": "2024-03-01 10:00:00",
    "超时自动确认收货时间": "2024-03-08 10:00:00", "退款状态": "1", "退款金额(元)": "99.00",
    "预期退款金额(元)": "99.00", "退货快递单号": "SF1", "售后原因说明": "空包裹",
}  # fmt: skip


def read(desk: Desk, header: str, row: dict[str, str]) -> AfterSaleCase:
    data = export(header, row).encode()
    report = desk.data("aftersales", data, preset=presets()["xhs-aftersales"], shop="plum")
    assert counts(report) == (1, 0, 0, 0), reasons(report)
    return AfterSaleCase.objects.get()


@pytest.mark.parametrize("header", [XHS_CASES, XHS_CASE_DETAILS])
def test_the_export_is_recognised(header: str) -> None:
    best = guesses(header.split(","))[0]
    assert (best.kind.name, best.preset.name) == ("aftersales", "xhs-aftersales")


def test_a_row_of_the_export(desk: Desk) -> None:
    case = read(desk, XHS_CASES, CASE)
    assert (case.kind, case.outcome, case.state) == ("return_refund", "open", "receipt")
    assert (case.requested, case.refunded, case.closed_at) == (9900, None, None)
    assert case.applied_at == shanghai("2024-03-01 10:00")
    assert (case.merchant_received_at, case.due_is_estimated) == (None, True)


def test_money_has_moved_only_where_the_sheet_says_so(desk: Desk) -> None:
    assert read(desk, XHS_CASE_DETAILS, DETAIL).refunded is None


def test_the_automatic_receipt_is_the_deadline_while_goods_are_awaited(desk: Desk) -> None:
    case = read(desk, XHS_CASE_DETAILS, DETAIL)
    assert (case.state, case.due_at) == ("receipt", shanghai("2024-03-08 10:00"))
    assert not case.due_is_estimated


def test_it_is_none_of_the_shops_while_the_buyer_sends(desk: Desk) -> None:
    case = read(desk, XHS_CASE_DETAILS, DETAIL | {"售后状态": "14"})
    assert (case.state, case.due_at, case.deadline_at) == ("platform", None, None)


@pytest.mark.parametrize(("word", "outcome"), [
    ("已完成", "completed"), ("商家收货拒绝", "rejected"), ("已关闭", "closed"),
    ("已取消", "cancelled"),
])  # fmt: skip
def test_an_ended_case_says_how(desk: Desk, word: str, outcome: str) -> None:
    case = read(desk, XHS_CASES, CASE | {"状态": word})
    assert (case.outcome, case.state) == (outcome, outcome)


def test_a_refund_that_does_not_say_whether_it_was_shipped_comes_back(desk: Desk) -> None:
    data = export(XHS_CASES, CASE | {"售后类型": "仅退款"}).encode()
    report = desk.data("aftersales", data, preset=presets()["xhs-aftersales"], shop="plum")
    assert counts(report) == (0, 0, 0, 1)
