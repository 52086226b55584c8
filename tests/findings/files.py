"""Canonical files of one shop whose parcels of one courier come back."""

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from django.core.management import call_command

DAY = date(2024, 3, 1)
Rows = Sequence[dict[str, str]]


def market_files() -> dict[str, Rows]:
    """200 lines signed on one day; of 40 carried by 圆通 14 come back, of the rest 8."""
    numbers = range(200)
    carrier = ["圆通" if n < 40 else "顺丰" for n in numbers]
    back = [n for n in numbers if n < 14 or 40 <= n < 48]
    orders = [
        {
            "shop_id": "plum",
            "order_id": f"o{n}",
            "line_no": "1",
            "sku": f"k{n % 2}",
            "quantity": "1",
            "line_paid": "88",
            "placed_at": "2024-02-05 10:00:00",
            "paid_at": "2024-02-05 10:01:00",
            "signed_at": "2024-02-09 10:00:00",
        }
        for n in numbers
    ]
    parcels = [
        {"shop_id": "plum", "tracking_no": f"t{n}", "order_id": f"o{n}", "courier": carrier[n]}
        for n in numbers
    ]
    cases = [
        {
            "shop_id": "plum",
            "case_id": f"c{n}",
            "order_id": f"o{n}",
            "line_no": "",
            "kind": "return_refund",
            "reason": ("不想要", "其他", "尺码", "颜色", "发错货")[n % 5],
            "applied_at": f"2024-02-{10 + n % 7} 10:00:00",
            "outcome": "completed",
        }
        for n in back
    ]
    shop = {"shop_id": "plum", "name": "青梅", "industry": "womens_clothing"}
    return {"shops": [shop], "orders": orders, "parcels": parcels, "aftersales": cases}


def import_files(files: Mapping[str, Rows], folder: Path) -> None:
    """Import the files in their order."""
    for kind, rows in files.items():
        path = folder / f"{kind}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        call_command("import_data", kind, str(path), verbosity=0)
