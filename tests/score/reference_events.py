"""What counts, straight from canonical rows: the first half of the second calculation.

Deliberately plain: dictionaries and loops, local times without a zone, every figure of the rule
written where it is used, nothing imported from the product. Rows are dictionaries of texts with
the column names of the canonical files; a missing column is an empty text.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

Row = Mapping[str, str]
Files = Mapping[str, Sequence[Row]]
# (shop, kind of record, external id, metric)
Out = tuple[str, str, str, str]
# age in days, what it adds to the numerator, what it adds to the denominator
Event = tuple[int, float, int]

QUALITY = {
    "重量/数量/尺寸/规格与描述不符",
    "材质/颜色/款式与描述不符",
    "质量问题",
    "做工粗糙/有瑕疵",
    "商品破损/污渍",
    "资质/证书异常",
    "收到商品少件",
    "收到商品少件(含少配件)",
    "商家发错货",
    "空包裹",
}
SHIP_HOURS = {"domestic": 48, "bonded": 72, "direct": 120}


class Events:
    """The events of the 180 days before ``day``, by (shop, metric, trade mode or empty)."""

    def __init__(self, files: Files, day: date, exclusions: Sequence[Out] = ()) -> None:
        self.day = day
        self.of: dict[tuple[str, str, str], list[Event]] = defaultdict(list)
        self.excluded: dict[tuple[str, str], int] = defaultdict(int)
        self.signed_orders: dict[str, int] = defaultdict(int)
        self.outs = exclusions_of(files) | set(exclusions)
        self.count(files)

    def count(self, files: Files) -> None:
        """Walk every file once."""
        orders: dict[tuple[str, str], Row] = {}
        for row in files.get("orders", []):
            orders.setdefault((row["shop_id"], row["order_id"]), row)
        cases, complaints = by_order(files, "aftersales"), by_order(files, "complaints")
        for key, order in orders.items():
            self.count_due(key, order)
            self.count_signed(key, order, cases[key], complaints[key])
        for row in files.get("reviews", []):
            self.count_review(row, orders.get((row["shop_id"], row["order_id"])))
        for row in files.get("aftersales", []):
            self.count_closed_case(row)
        for row in files.get("consultations", []):
            self.count_consultation(row)

    def age(self, when: datetime | None) -> int | None:
        """The age of a moment's day, None outside the window."""
        if when is None:
            return None
        days = (self.day - when.date()).days
        return days if 1 <= days <= 180 else None

    def add(self, key: tuple[str, str, str], event: Event, *outs: tuple[str, str]) -> None:
        """An event, or one more excluded when any of the records (kind, id) is kept out."""
        shop, metric, _ = key
        if any((shop, kind, record, metric) in self.outs for kind, record in outs):
            self.excluded[shop, metric] += 1
        else:
            self.of[key].append(event)

    def count_due(self, key: tuple[str, str], order: Row) -> None:
        """An order that had to be shipped by a moment of the window."""
        shop, order_id = key
        deadline, paid = deadline_of(order), paid_of(order)
        age = self.age(deadline)
        express = (order.get("logistics_mode") or "express") == "express"
        if deadline is None or age is None or paid is None or not express:
            return
        shipped = moment(order.get("shipped_at"))
        cancelled = moment(order.get("cancelled_at"))
        was_unshipped = cancelled is not None and (shipped is None or shipped > cancelled)
        if cancelled is not None and cancelled <= deadline and was_unshipped:
            return
        in_time = 1 if shipped is not None and shipped <= deadline else 0
        self.add((shop, "ship_on_time_rate", ""), (age, in_time, 1), ("order", order_id))

    def count_signed(
        self, key: tuple[str, str], order: Row, cases: list[Row], complaints: list[Row]
    ) -> None:
        """A signed order: quality, time to sign, disputes."""
        shop, order_id = key
        signed, paid = moment(order.get("signed_at")), paid_of(order)
        age = self.age(signed)
        if signed is None or age is None:
            return
        self.signed_orders[shop] += 1
        self.count_quality(key, age, cases)
        if paid is None:
            return
        hours = (signed - paid).total_seconds() / 3600
        mode = order.get("trade_mode") or "domestic"
        self.add((shop, "pay_to_sign_hours", mode), (age, hours, 1), ("order", order_id))
        self.add((shop, "dispute_rate", ""), (age, 0, 1), ("order", order_id))
        for row in complaints:
            is_out = (shop, "complaint", row["complaint_id"], "dispute_rate") in self.outs
            order_out = (shop, "order", order_id, "dispute_rate") in self.outs
            if is_out:
                self.excluded[shop, "dispute_rate"] += 1
            elif row.get("outcome") != "withdrawn" and not order_out:
                self.of[shop, "dispute_rate", ""].append((age, 1, 0))

    def count_quality(self, key: tuple[str, str], age: int, cases: list[Row]) -> None:
        """Whether a signed order has a quality case; one that has only excluded ones is out."""
        shop, order_id = key
        bad = [row for row in cases if is_quality(row)]
        outs = [
            row for row in bad if (shop, "case", row["case_id"], "quality_refund_rate") in self.outs
        ]
        records = [("order", order_id)]
        if bad and len(outs) == len(bad):
            records.append(("case", outs[0]["case_id"]))
        event = (age, 1 if bad else 0, 1)
        self.add((shop, "quality_refund_rate", ""), event, *records)

    def count_review(self, row: Row, order: Row | None) -> None:
        """A review counts on the day its order was signed for."""
        age = self.age(moment(order.get("signed_at")) if order else None)
        if age is None:
            return
        records = (("review", row["review_id"]), ("order", row["order_id"]))
        self.add((row["shop_id"], "product_rating", ""), (age, int(row["rating"]), 1), *records)

    def count_closed_case(self, row: Row) -> None:
        """A closed case adds its hours to the metric of its kind."""
        closed, applied = moment(row.get("closed_at")), moment(row["applied_at"])
        age = self.age(closed)
        if closed is None or applied is None or age is None:
            return
        if (row.get("outcome") or "open") == "open":
            return
        seconds = (closed - applied).total_seconds()
        if row["kind"] in ("refund_unshipped", "refund_shipped"):
            metric = "refund_only_hours"
        elif row["kind"] == "return_refund":
            metric = "return_refund_hours"
            seconds = max(0, seconds - int(row.get("waiting_buyer_seconds") or 0))
        else:
            return
        self.add((row["shop_id"], metric, ""), (age, seconds / 3600, 1), ("case", row["case_id"]))

    def count_consultation(self, row: Row) -> None:
        """A buyer's consultation in reply hours counts, met or not."""
        started = moment(row["started_at"])
        age = self.age(started)
        if started is None or age is None or row["started_by"] != "buyer":
            return
        if not 9 <= started.hour < 23:
            return
        names = ("queue_seconds", "first_reply_seconds", "longest_gap_seconds")
        replied = bool(row.get("first_reply_seconds"))
        met = replied and all(int(row.get(name) or 0) < 180 for name in names)
        record = ("consultation", row["consultation_id"])
        self.add((row["shop_id"], "reply_3min_rate", ""), (age, 1 if met else 0, 1), record)


def exclusions_of(files: Files) -> set[Out]:
    """What delay reports and complaints keep out."""
    outs: set[Out] = set()
    for row in files.get("delay_reports", []):
        if row.get("decision") == "accepted":
            outs.add((row["shop_id"], "order", row["order_id"], "ship_on_time_rate"))
            outs.add((row["shop_id"], "order", row["order_id"], "pay_to_sign_hours"))
    for row in files.get("complaints", []):
        if row.get("excluded_reason") in ("malicious", "force_majeure"):
            outs.add((row["shop_id"], "complaint", row["complaint_id"], "dispute_rate"))
    return outs


def by_order(files: Files, kind: str) -> dict[tuple[str, str], list[Row]]:
    """The rows of a kind by the order they speak of."""
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in files.get(kind, []):
        found[row["shop_id"], row["order_id"]].append(row)
    return found


def moment(text: str | None) -> datetime | None:
    """A local time, or None when unknown."""
    return datetime.fromisoformat(text) if text else None


def paid_of(order: Row) -> datetime | None:
    """When an order counts as paid: cash on delivery from its placing on."""
    cash = order.get("is_cod") in ("1", "yes")
    return moment(order["placed_at"] if cash else order.get("paid_at"))


def deadline_of(order: Row) -> datetime | None:
    """The last moment to ship an order, or None."""
    if order.get("promised_ship_at"):
        return moment(order["promised_ship_at"])
    start, mode = paid_of(order), order.get("presale_mode") or "none"
    if mode == "fixed":
        text = order.get("presale_ship_by")
        return moment(text + " 23:59:59") if text else None
    if start is None:
        return None
    if mode == "relative":
        text = order.get("presale_days")
        return start + timedelta(hours=24 * int(text)) if text else None
    return start + timedelta(hours=SHIP_HOURS[order.get("trade_mode") or "domestic"])


def is_quality(row: Row) -> bool:
    """Whether a case counts as a quality refund of its order."""
    reason = row.get("reason", "")
    for full, half in (("（", "("), ("）", ")"), ("／", "/")):
        reason = reason.replace(full, half)
    counts = row["kind"] != "freight_only" and row.get("outcome") != "cancelled"
    return reason.strip() in QUALITY and counts
