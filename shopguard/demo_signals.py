"""A few returns of the demo that look like fraud, so that every signal has something to show, and
two days of late replies, so that a course of the service assessment runs.

The market's own files are handed in with some cells changed: parcels of returns, who bought, and
how soon one shop answered. Of what a score is made of, one sign-for is missing beside those, and
one order was handed over without a parcel.
"""

import csv
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from aftersales.calc.case_states import BUYER_SENDS, RECEIPT
from shopguard.demo.cast import SLIPPING, STEADY
from shopguard.demo.generate import Written

Row = dict[str, str]
# Applied so many days ago: covered by then, and settled since.
OLDEST, NEWEST = 60, 28
OLDEST_OF_STEADY, NEWEST_OF_STEADY = 28, 4
REGULAR, CHEAP, FEATHER = "demo-regular", "2.50", "0.03"
# Some of them turn out not to be covered, so there are a few of each.
TWINS, LIGHT, REGULARS = 4, 2, 5
FEWEST = TWINS + LIGHT + REGULARS
# Received so many evenings ago; 72 hours later a claim is approved, another day later paid.
CAME, LATELY, CAME_IN = 4, 21, 4
SLOW_DAYS, SLOW_SECONDS = 2, "640"


def signals_laid(written: Sequence[Written], today: date) -> list[Written]:
    """The files with what signals are found in; unchanged where there are too few returns."""
    by_kind = {file.kind: file for file in written}
    rows = _read(by_kind["aftersales"])
    chosen = _returns(rows, SLIPPING, today, OLDEST, NEWEST)
    if len(chosen) < FEWEST:
        return list(written)
    for row in chosen[:TWINS]:
        row["return_tracking_no"] = chosen[0]["return_tracking_no"]
    for row in chosen[TWINS : TWINS + LIGHT]:
        row["return_weight_kg"] = FEATHER
    _under_way(rows, today)
    regular = chosen[TWINS + LIGHT : FEWEST]
    of_regular = {row["order_id"] for row in regular}
    for row in regular:
        row["carrier_cost"] = CHEAP
    lost = _returns(rows, STEADY, today, OLDEST_OF_STEADY, NEWEST_OF_STEADY)
    unsigned = {row["order_id"] for row in lost if row["merchant_received_at"]}
    unsigned = set(sorted(unsigned)[:1])

    orders = _read(by_kind["orders"])
    handed_over = _untroubled(orders, {row["order_id"] for row in rows}, today)
    for row in orders:
        key = row["order_id"]
        row["buyer"] = REGULAR if key in of_regular else row["buyer"]
        row["signed_at"] = "" if key in unsigned else row["signed_at"]
        row["logistics_mode"] = "none" if key == handed_over else row["logistics_mode"]

    slow = str(today - timedelta(days=SLOW_DAYS))

    def consultation(row: Row) -> None:
        if row["shop_id"] == STEADY and row["started_at"] >= slow and row["first_reply_seconds"]:
            row["first_reply_seconds"] = SLOW_SECONDS

    changed = {
        "consultations": _edited(by_kind["consultations"], consultation),
        "aftersales": _write(by_kind["aftersales"], rows),
        "orders": _write(by_kind["orders"], orders),
    }
    return [changed.get(file.kind, file) for file in written]


def _returns(rows: list[Row], shop: str, today: date, oldest: int, newest: int) -> list[Row]:
    """Returns of a shop that were sent back and refunded, by the day they were applied for."""
    first, last = str(today - timedelta(days=oldest)), str(today - timedelta(days=newest))
    found = [
        row
        for row in rows
        if row["shop_id"] == shop
        and row["kind"] == "return_refund"
        and row["outcome"] == "completed"
        and row["return_tracking_no"]
        and first <= row["applied_at"][:10] <= last
    ]
    return sorted(found, key=lambda row: (row["applied_at"], row["case_id"]))


def _under_way(rows: list[Row], today: date) -> None:
    """Parcels that buyers send themselves: not sent yet, on the way, come in of late, or come in
    just so long ago that the review of their claims is over and the money not there yet.
    """
    for shop in (SLIPPING, STEADY):
        recent = _returns(rows, shop, today, LATELY, CAME + 1)
        for row in recent[-CAME_IN:]:
            _came_in(row, today - timedelta(days=CAME))
        for row in recent[-2 * CAME_IN : -CAME_IN]:
            _came_in(row, today - timedelta(days=CAME - 2))
    awaited = [row for row in rows if row["shop_id"] == STEADY and row["state"] == RECEIPT]
    for row in awaited:
        row["return_method"] = "self"
    for row in awaited[2:]:
        row["state"], row["return_tracking_no"], row["return_weight_kg"] = BUYER_SENDS, "", ""


def _came_in(row: Row, day: date) -> None:
    """The parcel of a return came in one evening; until then the buyer had it."""
    received = datetime.combine(day, time(20))
    applied = datetime.fromisoformat(row["applied_at"])
    row["return_method"], row["merchant_received_at"] = "self", str(received)
    row["closed_at"] = str(received + timedelta(hours=2))
    row["waiting_buyer_seconds"] = str(int((received - applied).total_seconds()))


def _untroubled(orders: list[Row], returned: set[str], today: date) -> str:
    """The first order of the slipping shop that was covered, shipped, and never came back."""
    first, last = str(today - timedelta(days=OLDEST)), str(today - timedelta(days=NEWEST))
    found = [
        row["order_id"]
        for row in orders
        if row["shop_id"] == SLIPPING
        and row["shipped_at"]
        and row["order_id"] not in returned
        and first <= row["placed_at"][:10] <= last
    ]
    return min(found, default="")


def _read(file: Written) -> list[Row]:
    with file.path.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def _edited(file: Written, edit: Callable[[Row], None]) -> Written:
    rows = _read(file)
    for row in rows:
        edit(row)
    return _write(file, rows)


def _write(file: Written, rows: list[Row]) -> Written:
    """The rows beside the file they come from."""
    path = file.path.with_stem(f"{file.path.stem}-signals")
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return replace(file, path=path)
