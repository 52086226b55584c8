"""A bad row is turned away with its reason; the good rows land."""

import csv
from datetime import UTC, datetime
from typing import Any

import pytest

from stores.models import Order, Review
from tests.imports.files import COMPLAINT, ORDER, PRODUCT, REVIEW, SAMPLES, Desk, counts, reasons

FUTURE = "2099-01-01 00:00:00"

REJECTED: list[tuple[str, str, object, str]] = [
    ("orders", "line_paid", "-1", "金额不能为负"),
    ("orders", "order_paid", "0.001", "应为以元为单位"),
    ("orders", "order_paid", "1e3", "应为以元为单位"),
    ("orders", "order_paid", "NaN", "应为以元为单位"),
    ("orders", "order_paid", "Infinity", "应为以元为单位"),
    ("orders", "order_paid", "¥1,280.50", "应为以元为单位"),
    ("orders", "order_paid", "1.2万", "应为以元为单位"),
    ("orders", "order_paid", "１２", "应为以元为单位"),
    ("orders", "order_paid", "1234567890123", "金额过大"),
    ("orders", "quantity", "2.5", "整数"),
    ("orders", "trade_mode", "cross_border", "domestic, bonded, direct"),
    ("orders", "channel", "radio", "normal, live"),
    ("orders", "is_cod", "maybe", "yes 或 no"),
    ("orders", "placed_at", "", "新建记录必须填写"),
    ("orders", "placed_at", "2024-02-30 10:00:00", "不是有效的时间"),
    ("orders", "placed_at", "2024-03-01", "缺少时刻"),
    ("orders", "placed_at", "1999-12-31 23:59:59", "早于 2000-01-01"),
    ("orders", "placed_at", "45000", "不是有效的时间"),
    ("orders", "signed_at", FUTURE, "晚于导入时间一天以上"),
    ("orders", "signed_at", "9999-12-31 00:00:00", "晚于导入时间一天以上"),
    ("orders", "signed_at", "2024-03-01 10:04:59", "签收早于支付"),
    ("orders", "order_id", "", "编号为空"),
    ("orders", "order_id", "6.92346E+18", "科学计数法"),
    ("orders", "line_no", "x", "整数"),
    ("orders", "line_no", "", "编号为空"),
    ("orders", "shop_id", "nowhere", "店铺不存在"),
    ("orders", "shop_id", "", "编号为空"),
    ("orders", "spec", "长" * 201, "200"),
    ("orders", "sku", "a\x00b", "NUL"),
    ("orders", "spec", "坏\ufffd", "无法识别的字符"),
    ("products", "title", "", "新建记录必须填写"),
    ("products", "price", "-0.01", "金额不能为负"),
    ("products", "net_weight_kg", "1,5", "千克"),
    ("reviews", "rating", "0", "1 到 5"),
    ("reviews", "rating", "", "新建记录必须填写"),
    ("reviews", "order_id", "", "新建记录必须填写"),
    ("aftersales", "closed_at", "2024-03-06 11:59:59", "结束早于申请"),
    ("aftersales", "kind", "swap", "return_refund"),
    ("aftersales", "outcome", "done", "cancelled"),
    ("consultations", "started_by", "robot", "buyer, shop"),
    ("consultations", "first_reply_seconds", "-5", "0 到"),
    ("complaints", "excluded_reason", "bad_mood", "malicious, force_majeure"),
    ("complaints", "opened_at", "", "新建记录必须填写"),
    ("delay_reports", "cause", "", "新建记录必须填写"),
    ("delay_reports", "decision", "perhaps", "pending, accepted, refused"),
    ("shops", "industry", "", "新建记录必须填写"),
    ("shops", "opened_on", "1999-12-31", "早于 2000-01-01"),
    ("shops", "service_mode", "robot", "own, platform"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "column", "value", "reason"), REJECTED)
def test_a_bad_cell_turns_its_row_away(
    desk: Desk, kind: str, column: str, value: object, reason: str
) -> None:
    """The report names the line and the column; the row beside it lands."""
    good = SAMPLES[kind]
    identity = [name for name in good if name.endswith("_id") and name != "order_id"]
    name = "order_id" if kind == "orders" else identity[0 if kind == "shops" else 1]
    good = dict(good) | ({"shop_id": "fig"} if kind == "shops" else {})
    bad: dict[str, Any] = good | {name: "other"} | {column: value}
    report = desk.rows(kind, bad, good)
    assert counts(report) == (1, 0, 0, 1)
    (problem,) = report["problems"]
    assert (problem["line"], problem["severity"]) == (2, "error")
    assert reason in problem["reason"]
    assert problem["column"] in (column, "")


ACCEPTED = [
    ({"paid_at": "2024-03-01 10:05:00", "shipped_at": "2024-03-01 10:04:00"}, ["发货早于支付"]),
    ({"shipped_at": "2024-03-05 09:00:00"}, ["签收早于发货"]),
    ({"is_cod": "yes", "paid_at": "2024-03-05 10:00:00"}, []),
    ({"promised_ship_at": "2099-01-01 00:00:00"}, []),
    ({"presale_mode": "fixed", "presale_ship_by": "2099-01-01"}, []),
    ({"order_paid": "0"}, []),
    ({"order_paid": "12.500"}, []),
    ({"placed_at": "2024-03-01T02:00:00Z"}, []),
    ({"placed_at": "2024-03-01 10:00:00+08:00"}, []),
    ({"placed_at": "2024-03-01 10:00"}, []),
    ({"is_cod": "0", "is_promotion": "1"}, []),
]


@pytest.mark.parametrize(("cells", "warnings"), ACCEPTED)
def test_an_unusual_row_is_kept(desk: Desk, cells: dict[str, str], warnings: list[str]) -> None:
    """Some with a warning, which counts as one."""
    report = desk.rows("orders", ORDER | cells)
    assert counts(report) == (1, 0, 0, 0)
    assert report["warnings"] == len(warnings) == len(report["problems"])
    assert all(start in reason for start, reason in zip(warnings, reasons(report), strict=True))
    assert Order.objects.get().placed_at == datetime(2024, 3, 1, 2, 0, tzinfo=UTC)


def test_rules_look_at_the_row_merged_with_what_is_stored(desk: Desk) -> None:
    """The payment is known from an earlier file, the signature before it comes alone."""
    desk.rows("orders", ORDER | {"signed_at": ""})
    report = desk.rows(
        "orders",
        {"shop_id": "plum", "order_id": "o1", "line_no": 1, "signed_at": "2024-03-01 09:00:00"},
    )
    assert counts(report) == (0, 0, 0, 1)
    assert "签收早于支付" in reasons(report)[0]


def test_the_errors_file_holds_the_rejected_rows(desk: Desk) -> None:
    """The mapped columns and what is wrong; nothing of a person, nothing that is a formula."""
    bad = ORDER | {"order_id": "o2", "quantity": "x", "spec": "=1+1", "phone": "13800138000"}
    desk.rows("orders", ORDER, bad)
    with desk.errors.open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["order_id"] == "o2"
    assert row["spec"] == "'=1+1"
    assert "整数" in row["error"]
    assert not {"buyer", "phone"} & row.keys()
    assert "13800138000" not in desk.errors.read_text(encoding="utf-8")


def test_a_mended_errors_file_can_be_imported(desk: Desk) -> None:
    """The apostrophe that neutralises a formula comes off again; ``error`` is ignored."""
    desk.rows("reviews", REVIEW, REVIEW | {"review_id": "r2", "rating": "9", "text": "=1+1"})
    mended = desk.errors.read_text(encoding="utf-8").replace(",9,", ",4,")
    report = desk.text("reviews", mended)
    assert counts(report) == (1, 0, 0, 0)
    assert report["ignored_columns"] == ["error"]
    assert Review.objects.get(external_id="r2").text == "=1+1"


def test_only_the_first_thousand_problems_are_reported(desk: Desk) -> None:
    """All of them are counted and all rows come back."""
    report = desk.rows(
        "products", *(PRODUCT | {"product_id": f"p{n}", "price": "x"} for n in range(1100))
    )
    assert report["rejected"] == 1100
    assert [problem["line"] for problem in report["problems"]] == list(range(2, 1002))
    assert len(desk.errors.read_text(encoding="utf-8").splitlines()) == 1101


def test_a_problem_never_shows_a_person(desk: Desk) -> None:
    """Phone numbers are taken out of the values that are shown."""
    report = desk.rows("complaints", COMPLAINT | {"outcome": "打 13800138000"})
    assert "13800138000" not in str(report)
