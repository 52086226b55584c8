"""Small files for tests: rows as dictionaries, and what became of them."""

import csv
from collections.abc import Iterable, Mapping
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

from shopguard.lib.days import SHANGHAI
from stores.kinds import kind_named
from stores.presets import presets
from stores.services.imports.engine import Job, import_file
from stores.services.imports.source import file_source

Row = Mapping[str, object]

SHOP = {"shop_id": "plum", "name": "梅子小铺", "industry": "beauty"}
PRODUCT = {"shop_id": "plum", "product_id": "p1", "title": "面霜"}
ORDER = {
    "shop_id": "plum", "order_id": "o1", "line_no": 1, "product_id": "p1", "quantity": 2,
    "line_paid": "99.00", "placed_at": "2024-03-01 10:00:00", "paid_at": "2024-03-01 10:05:00",
    "trade_mode": "domestic", "shipped_at": "2024-03-02 09:00:00",
    "signed_at": "2024-03-04 12:00:00", "order_paid": "99.00", "buyer": "xiaomei",
}  # fmt: skip
REVIEW = {
    "shop_id": "plum", "review_id": "r1", "order_id": "o1", "rating": 5, "text": "好",
    "created_at": "2024-03-05 12:00:00",
}  # fmt: skip
CASE = {
    "shop_id": "plum", "case_id": "c1", "order_id": "o1", "kind": "return_refund",
    "reason": "质量问题", "applied_at": "2024-03-06 12:00:00", "closed_at": "2024-03-08 12:00:00",
    "outcome": "completed",
}  # fmt: skip
CONSULTATION = {
    "shop_id": "plum", "consultation_id": "q1", "agent": "小李",
    "started_at": "2024-03-01 09:30:00", "started_by": "buyer", "first_reply_seconds": 40,
}  # fmt: skip
COMPLAINT = {
    "shop_id": "plum", "complaint_id": "t1", "order_id": "o1",
    "opened_at": "2024-03-06 10:00:00", "outcome": "upheld", "excluded_reason": "",
}  # fmt: skip
DELAY_REPORT = {
    "shop_id": "plum", "report_id": "d1", "order_id": "o1", "cause": "台风",
    "filed_at": "2024-03-02 10:00:00", "decision": "pending",
}  # fmt: skip
PARCEL = {
    "shop_id": "plum", "tracking_no": "SF007", "order_id": "o1", "courier": "顺丰",
    "weight_kg": "0.35", "shipped_at": "2024-03-02 09:00:00", "status": "in_transit",
}  # fmt: skip
TRAFFIC = {
    "shop_id": "plum", "product_id": "p1", "day": "2024-03-01", "impressions": 1000, "visitors": 30,
}  # fmt: skip
VIOLATION = {
    "shop_id": "plum", "violation_id": "v1", "clause": "3", "occurred_at": "2024-03-05 10:00:00",
    "notified_at": "2024-03-06 10:00:00", "executed_at": "2024-03-09 10:00:00",
    "state": "executed",
}  # fmt: skip
STATEMENT_LINE = {
    "shop_id": "plum", "line_id": "b1", "settled_on": "2024-03-09", "entry": "fee",
    "order_id": "o1", "amount": "-1.70", "settled_at": "2024-03-09 03:00:00",
    "effective_at": "2024-03-02 09:00:00", "account": "余额",
}  # fmt: skip
BENCHMARK = {
    "industry": "beauty", "metric": "reply_3min_rate", "trade_mode": "", "p10": "0.4",
    "p30": "0.6", "p60": "0.75", "p80": "0.85", "p95": "0.95", "source": "协会",
    "as_of": "2024-02-01",
}  # fmt: skip
API_PLACED = 1_709_258_400_000  # 2024-03-01 10:00 in Shanghai
MINUTE, DAY = 60_000, 86_400_000
API_ORDER: dict[str, Any] = {
    "orderId": "P1", "orderType": 1, "orderStatus": 6, "logisticsMode": 2,
    "createdTime": API_PLACED,
    "paidTime": API_PLACED + 5 * MINUTE, "deliveryTime": API_PLACED + DAY, "finishTime": 0,
    "promiseLastDeliveryTime": API_PLACED + 3 * DAY, "totalPayAmount": 128050,
    "totalShippingFree": 0,
    "receiverProvinceName": "浙江省", "receiverName": "王芳", "userId": "u1",
    "orderTagList": ["URGENT_SHIP", "NO_LOGISTICS_SHIP"],
    "skuList": [
        {"itemId": "p1", "skuId": "s1", "skuSpec": "红", "skuQuantity": 2,
         "totalPaidAmount": 100050},
        {"itemId": "p2", "skuId": "s2", "skuQuantity": 1, "totalPaidAmount": 28000},
    ],
}  # fmt: skip
SAMPLES: dict[str, Row] = {
    "shops": SHOP, "products": PRODUCT, "orders": ORDER, "reviews": REVIEW, "aftersales": CASE,
    "consultations": CONSULTATION, "complaints": COMPLAINT, "delay_reports": DELAY_REPORT,
    "parcels": PARCEL, "traffic": TRAFFIC, "violations": VIOLATION, "benchmarks": BENCHMARK,
    "freight_statement": STATEMENT_LINE,
}  # fmt: skip


def csv_text(rows: Iterable[Row], delimiter: str = ",") -> str:
    """Canonical text; the columns are those of all rows, a column a row lacks is empty."""
    rows = list(rows)
    columns = list(dict.fromkeys(name for row in rows for name in row))
    out = StringIO(newline="")
    writer = csv.DictWriter(out, columns, restval="", delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def shanghai(text: str) -> datetime:
    """``2024-03-01 10:00`` by the clock in Shanghai."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


class Desk:
    """Takes files in. Every method answers with the report as JSON."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.errors = folder / "errors.csv"

    def rows(self, kind: str, *rows: Row, **options: Any) -> dict[str, Any]:
        """Import rows given as dictionaries."""
        return self.text(kind, csv_text(rows), **options)

    def text(self, kind: str, text: str, **options: Any) -> dict[str, Any]:
        """Import a text as UTF-8."""
        return self.data(kind, text.encode(), **options)

    def data(self, kind: str, data: bytes, **options: Any) -> dict[str, Any]:
        """Import bytes."""
        path = self.folder / f"{kind}.csv"
        path.write_bytes(data)
        return self.file(kind, path, **options)

    def file(self, kind: str, path: Path, **options: Any) -> dict[str, Any]:
        """Import a file. ``as_of`` may be a text like ``2024-03-01 10:00``; the rest is Job's."""
        if isinstance(options.get("as_of"), str):
            options["as_of"] = shanghai(options["as_of"])
        told = options.pop("told", lambda stage, done, total: None)
        job = Job(
            kind=kind_named(kind),
            preset=options.pop("preset", presets()["canonical"]),
            source=file_source(path),
            errors=self.errors,
            **options,
        )
        return import_file(job, told).as_json()


def counts(report: Mapping[str, Any]) -> tuple[int, int, int, int]:
    """New, changed, unchanged and rejected rows."""
    return report["new"], report["changed"], report["unchanged"], report["rejected"]


def reasons(report: Mapping[str, Any]) -> list[str]:
    """What was said of the rows, in order."""
    return [problem["reason"] for problem in report["problems"]]
