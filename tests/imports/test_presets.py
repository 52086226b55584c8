"""Exports of platforms are understood by their preset; what they cannot carry stays unknown."""

from typing import Any

import pytest

from stores.calc.cells import Code
from stores.kinds import kind_named
from stores.models import Order, OrderLine
from stores.presets import presets
from stores.presets._declare import Preset, is_personal
from tests.imports.exports import DOUYIN, PDD, TAOBAO, TMALL, XHS, export
from tests.imports.files import Desk, counts, reasons, shanghai
from tests.imports.workbooks import workbook

XHS_ROW = {
    "订单号": "P700000000000000001", "订单状态": "已发货", "收件人姓名": "王芳", "省": "浙江省",
    "收件人电话": "13800000000", "收件人地址": "某路 1 号", "规格ID": "s1", "SKU规格": "红 L",
    "SKU件数": "2", "用户应付金额(元)": "1280.50", "支付时间": "2024-03-01 10:05:00",
    "订单创建时间": "2024-03-01 10:00:00", "承诺发货时间": "2024-03-03 10:05:00",
    "订单发货时间": "2024-03-02 09:00:00", "订单完成时间": "2024-03-12 00:00:00",
    "用户编号": "u1", "商品ID": "p1",
}  # fmt: skip
TAOBAO_ROW = {
    "订单号": "3700000000000000001", "拍下时间": "2024-03-01 10:00:00", "数量": "1",
    "付款时间": "2024-03-01 10:05:00", "子订单发货时间": "2024-03-02 09:00:00",
    "商品数字ID": "612345678901", "SKUID": "s1", "实付金额": "99.00", "运费": "0.00",
    "省": "浙江省",
}  # fmt: skip
DOUYIN_ROW = {
    "主订单编号": "\t6920000000000000001", "商品规格": "红", "商品数量": "1", "商家编码": "\ts1",
    "订单应付金额": "99.00", "运费": "0.00", "收件人": "王*", "收件人手机号": "13800000000",
    "订单提交时间": "\t2024/3/1 10:00:00", "发货时间": "2024-03-02 09:00:00", "订单状态": "已发货",
}  # fmt: skip
PDD_ROW = {
    "订单号": "240301-000000000000001\t", "商品id": "p1\t", "样式ID": "s1\t", "商品规格": "红",
    "商品数量(件)": "1", "支付时间": "2024-03-01 10:05:00\t",
    "订单成交时间": "2024-03-01 10:05:00\t",
    "承诺发货时间": "2024-03-03 10:05:00\t", "发货时间": "2024-03-02 09:00:00\t", "省": "浙江省",
    "用户实付金额(元)": "99.00", "邮费(元)": "0.00", "订单状态": "已发货，待收货",
}  # fmt: skip
PRESETS = [preset for preset in presets().values() if preset.kind]


def read(desk: Desk, preset: str, data: bytes, kind: str = "orders") -> dict[str, Any]:
    """Import a file of the shop ``plum``."""
    return desk.data(kind, data, preset=presets()[preset], shop="plum")


def test_xhs_orders_come_from_a_workbook(desk: Desk) -> None:
    gift = XHS_ROW | {"规格ID": "s2", "用户应付金额(元)": "0", "是否为赠品": "是"}
    rows = [line.split(",") for line in export(XHS, XHS_ROW, gift).splitlines()]
    report = read(desk, "xhs-orders", workbook(rows))
    assert counts(report) == (2, 0, 0, 0)
    order = Order.objects.get()
    assert order.external_id == "P700000000000000001"
    assert order.promised_ship_at == order.ship_by == shanghai("2024-03-03 10:05")
    assert (order.shipped_at, order.province) == (shanghai("2024-03-02 09:00"), "浙江省")
    assert (order.signed_at, order.collected_at, order.order_paid) == (None, None, None)
    assert order.presale_mode == "none"
    assert order.buyer_ref not in ("", "u1")
    lines = OrderLine.objects.order_by("line_no").values_list("line_no", "sku", "line_paid")
    assert list(lines) == [(1, "s1", 128050), (2, "s2", 0)]
    assert {"收件人姓名", "收件人电话", "收件人地址", "订单状态"} <= set(report["ignored_columns"])


def test_xhs_presales_are_known_by_their_last_day(desk: Desk) -> None:
    presale = {"承诺发货时间": "", "预售订单截止发货时间": "2024-03-20 23:59:59"}
    read(desk, "xhs-orders", export(XHS, XHS_ROW | presale).encode())
    order = Order.objects.get()
    assert (order.presale_mode, str(order.presale_ship_by)) == ("fixed", "2024-03-20")
    assert order.ship_by == shanghai("2024-03-20 23:59").replace(second=59)


def test_taobao_orders_come_in_gbk(desk: Desk) -> None:
    report = read(desk, "tmall-orders", export(TAOBAO, TAOBAO_ROW).encode("gbk"))
    assert (counts(report), report["encoding"]) == ((1, 0, 0, 0), "GB18030")
    order, line = Order.objects.get(), OrderLine.objects.get()
    assert (order.external_id, order.freight) == ("3700000000000000001", 0)
    assert (line.product_ref, line.sku, line.line_paid) == ("612345678901", "s1", 9900)
    assert (order.promised_ship_at, order.signed_at) == (None, None)


def test_tmall_order_reports_have_few_columns_and_an_address_that_is_dropped(desk: Desk) -> None:
    row = {
        "订单编号": "1", "买家实际支付金额": "38.00", "收货地址 ": "上海",
        "订单创建时间": "2024/2/21 0:00:00", "订单付款时间 ": "2024/2/21 0:00:05",
    }  # fmt: skip
    report = read(desk, "tmall-orders", export(TMALL, row).encode("gbk"))
    assert counts(report) == (1, 0, 0, 0)
    order = Order.objects.get()
    assert (order.order_paid, order.province) == (3800, "")
    assert order.placed_at == shanghai("2024-02-21 00:00")
    assert "收货地址" in report["ignored_columns"]


def test_douyin_orders_have_a_mark_and_tabs(desk: Desk) -> None:
    second = DOUYIN_ROW | {"子订单编号": "\t2", "商家编码": "\ts2"}
    report = read(desk, "douyin-orders", export(DOUYIN, DOUYIN_ROW, second).encode("utf-8-sig"))
    assert (counts(report), report["encoding"]) == ((2, 0, 0, 0), "UTF-8 BOM")
    order = Order.objects.get()
    assert order.external_id == "6920000000000000001"
    assert order.placed_at == shanghai("2024-03-01 10:00")
    assert (order.paid_at, order.signed_at, order.ship_by) == (None, None, None)
    assert {line.sku for line in OrderLine.objects.all()} == {"s1", "s2"}


def test_pdd_orders_end_their_cells_with_tabs(desk: Desk) -> None:
    report = read(desk, "pdd-orders", export(PDD, PDD_ROW).encode("utf-8-sig"))
    assert counts(report) == (1, 0, 0, 0)
    order, line = Order.objects.get(), OrderLine.objects.get()
    assert order.external_id == "240301-000000000000001"
    assert (order.order_paid, line.line_paid, line.product_ref) == (9900, 9900, "p1")
    assert order.ship_by == shanghai("2024-03-03 10:05")
    assert (order.finished_at, order.signed_at) == (None, None)


@pytest.mark.parametrize(
    ("preset", "header", "row", "cell"),
    [
        ("xhs-orders", XHS, XHS_ROW, "SKU件数"),
        ("tmall-orders", TAOBAO, TAOBAO_ROW, "数量"),
        ("douyin-orders", DOUYIN, DOUYIN_ROW, "商品数量"),
        ("pdd-orders", PDD, PDD_ROW, "商品数量(件)"),
    ],
)
def test_a_bad_row_of_an_export_comes_back_under_its_headers(
    desk: Desk, preset: str, header: str, row: dict[str, str], cell: str
) -> None:
    """And mended, it can be imported with the same preset."""
    report = read(desk, preset, export(header, row | {cell: "两件"}).encode())
    assert counts(report) == (0, 0, 0, 1)
    assert report["problems"][0]["column"] == cell
    mended = desk.errors.read_text(encoding="utf-8").replace("两件", "2")
    assert not any(is_personal(name) for name in mended.splitlines()[0].split(","))
    assert counts(read(desk, preset, mended.encode())) == (1, 0, 0, 0)
    assert counts(read(desk, preset, export(header, row | {cell: "2"}).encode()))[3] == 0


def test_the_wrong_preset_is_refused_with_the_one_that_fits(desk: Desk) -> None:
    report = read(desk, "douyin-orders", export(PDD, PDD_ROW).encode())
    assert report["status"] == "refused"
    assert "order_id" in report["reason"]
    assert report["reason"].split("预设：")[1].startswith("pdd-orders")


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_a_preset_is_true_to_its_kind(preset: Preset) -> None:
    """Its columns exist, what it lacks is not mapped, its codes are codes of the column."""
    columns = kind_named(preset.kind).columns
    mapped = {
        name for to in preset.headers.values() for name in ((to,) if isinstance(to, str) else to)
    }
    assert mapped <= set(columns)
    assert set(preset.lacks) <= set(columns) - mapped
    assert {*preset.quirks, *preset.codes, *preset.only_where} <= mapped
    for name, table in preset.codes.items():
        cell = columns[name].cell
        assert isinstance(cell, Code)
        assert set(table.values()) <= set(cell.codes)
    assert preset.label_zh
    assert preset.label_en


@pytest.mark.parametrize(
    ("header", "personal"),
    [("receiverProvinceName", False), ("收件人省", False), ("receiverName", True),
     ("收货人省份地址", True), ("收件人姓名", True), ("receiver_province_phone", True)],
)  # fmt: skip
def test_of_a_receiver_only_the_province_may_be_read(header: str, personal: bool) -> None:
    assert is_personal(header) is personal


def test_a_word_nobody_knows_is_reported(desk: Desk) -> None:
    report = read(
        desk, "xhs-api-orders",
        b'{"orderId":"1","createdTime":1709258400000,"logisticsMode":9,"skuList":[]}',
    )  # fmt: skip
    assert counts(report) == (0, 0, 0, 1)
    assert "不在可用值之列" in reasons(report)[0]
