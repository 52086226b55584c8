"""Violations the platform found in some shops of the market, in every state."""

from datetime import timedelta
from typing import Any

from shopguard.demo.market import Market, read
from shopguard.demo.sheets import Sheet

COLUMNS = (
    "shop_id", "violation_id", "clause", "occurred_at", "notified_at", "executed_at", "state",
    "is_counterfeit", "kind", "points",
)  # fmt: skip
HAPPENED, TOLD, EXECUTED = "15:20:00", "10:05:00", "09:30:00"


def rows(market: Market) -> Sheet:
    """``violations`` as text columns: those of the shops there are."""
    there = {shop.id for shop in market.shops}
    told = [row for row in read("violations")["violations"] if row["shop"] in there]
    cells = [_cells(market, row) for row in told]
    return {name: [row[name] for row in cells] for name in COLUMNS}


def _cells(market: Market, row: dict[str, Any]) -> dict[str, str]:
    def at(days_back: int, clock: str) -> str:
        return f"{market.today - timedelta(days=days_back)} {clock}"

    return {
        "shop_id": row["shop"],
        "violation_id": row["id"],
        "clause": row["clause"],
        "occurred_at": at(row["happened"], HAPPENED),
        "notified_at": at(row["happened"] - 1, TOLD),
        "executed_at": at(row["executed"], EXECUTED) if "executed" in row else "",
        "state": row["state"],
        "is_counterfeit": "yes" if row.get("counterfeit") else "no",
        "kind": row.get("kind", ""),
        "points": str(row.get("points", "")),
    }
