"""Files of a random market as they arrive: in pieces, in any order, corrected later."""

import csv
from collections.abc import Iterator
from pathlib import Path
from random import Random

from django.core.management import call_command

from tests.score.markets import KINDS, Market, Row

# Columns whose earlier value a later file replaces, with a value they may have had before.
EARLIER = {
    "orders": {"trade_mode": "bonded", "logistics_mode": "express", "is_cod": "no"},
    "reviews": {"rating": "3"},
    "aftersales": {"reason": "质量问题", "outcome": "open", "kind": "exchange"},
    "consultations": {"first_reply_seconds": "10", "started_by": "buyer"},
    "complaints": {"outcome": "open", "excluded_reason": "malicious"},
    "delay_reports": {"decision": "accepted"},
}
# Times that an earlier file may not have known yet.
LATER_KNOWN = ("shipped_at", "signed_at", "cancelled_at", "closed_at", "longest_gap_seconds")


def arrivals(market: Market, random: Random, pieces: int = 3) -> Iterator[tuple[str, list[Row]]]:
    """Kinds with some of their rows, until every row has come as it finally is.

    Orders may come after what speaks of them. Some rows come twice, first as they were earlier.
    """
    early: list[tuple[str, list[Row]]] = []
    final: list[tuple[str, list[Row]]] = []
    for kind in KINDS:
        for place in range(pieces):
            rows = market[kind][place::pieces]
            early.append((kind, [earlier(kind, row, random) for row in rows[::2]]))
            final.append((kind, rows))
    random.shuffle(early)
    random.shuffle(final)
    return (piece for piece in early + final if piece[1])


def earlier(kind: str, row: Row, random: Random) -> Row:
    """The row as an earlier file had it: a time not known yet, another state or reading."""
    blanks = {name: "" for name in LATER_KNOWN if name in row and random.random() < 0.5}
    changes = {
        name: value
        for name, value in EARLIER[kind].items()
        if row.get(name) and random.random() < 0.5
    }
    return {**row, **blanks, **changes}


def bring(kind: str, rows: list[Row], folder: Path) -> None:
    """Import rows as a file of their kind."""
    path = folder / f"{kind}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    call_command("import_data", kind, str(path), verbosity=0)
