"""Random markets as canonical rows: small, and full of the cases where scores go wrong.

A market is named by its seed, so that a failing test can be repeated. Times lie around the edges
of the window and of the hours that count, on deadlines and a second beside them; reasons come in
full and half width; two shops are copies of each other, so that their values tie.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random

Row = dict[str, str]
Market = dict[str, list[Row]]

DAY = date(2024, 3, 1)
SHIP_HOURS = {"domestic": 48, "bonded": 72, "direct": 120, "": 48}
REASONS = (
    "质量问题", "材质／颜色／款式与描述不符", " 空包裹　", "收到商品少件（含少配件）",
    "收到商品少件(含少配件)", "做工粗糙/有瑕疵", "质量问题很多", "尺码/尺寸不合适",
    "不喜欢\n换行", "",
)  # fmt: skip
INDUSTRIES = (("clothing", 20), ("home", 9), ("local_life", 2))
# Too small for ranks, and quick to land.
FEW = (("clothing", 3), ("home", 2), ("local_life", 1))
TWINS = ("clothing-big", "clothing-twin")
# Orders of a shop; about seven in ten are signed for inside the window.
SIZES = (0, 45, 60, 70, 80, 100)
KINDS = ("orders", "reviews", "aftersales", "consultations", "complaints", "delay_reports")


def random_market(seed: int, industries: Sequence[tuple[str, int]] = INDUSTRIES) -> Market:
    """The files of a market whose scores of :data:`DAY` touch every branch of the rule.

    ``industries`` are names with a number of shops; clothing gets the twins on top.
    """
    random = Random(seed)
    market: Market = {"shops": [], **{kind: [] for kind in KINDS}}
    for industry, count in industries:
        for number in range(count):
            name = f"{industry}-{number}"
            market["shops"].append({"shop_id": name, "industry": industry, "name": name})
            shop_facts(market, name, random, DAY, SIZES)
    market["shops"].append({"shop_id": TWINS[0], "industry": "clothing", "name": TWINS[0]})
    shop_facts(market, TWINS[0], random, DAY, SIZES[-1:])
    copy_shop(market, *TWINS)
    for kind in KINDS:
        random.shuffle(market[kind])
    return market


def shop_facts(market: Market, shop: str, random: Random, day: date, sizes: Sequence[int]) -> None:
    """The facts of one shop; some shops have next to none."""
    care = random.random()
    for number in range(random.choice(sizes)):
        order = random_order(shop, f"{number:03d}", random, day, care)
        market["orders"].append(order)
        order_facts(market, order, random, day)
    for number in range(random.choice((0, 80, 90, 100, 120))):
        market["consultations"].append(random_consultation(shop, number, random, day))


def random_order(shop: str, name: str, random: Random, day: date, care: float) -> Row:
    """An order of any trade mode, presale and payment, at any stage of its way."""
    placed = random_time(random, day)
    cod = random.random() < 0.15
    paid = None if random.random() < (0.6 if cod else 0.05) else placed + seconds(random, 3600)
    start = placed if cod else paid or placed
    mode = random.choice(("domestic", "domestic", "bonded", "direct", ""))
    presale = random.choice(("none", "none", "", "fixed", "relative"))
    shipped = random_shipping(random, start, mode, care)
    signed = shipped + seconds(random, 5 * 86_400) if shipped and random.random() < 0.9 else None
    if signed and random.random() < 0.2:
        signed = max(datetime.combine(signed.date(), time(23, 59, 59)), shipped or signed)
    collected = shipped + seconds(random, 7200) if shipped and signed else None
    cancelled = placed + seconds(random, 4 * 86_400) if random.random() < 0.1 else None
    promised = start + seconds(random, 5 * 86_400) if random.random() < 0.1 else None
    fixed = (placed + timedelta(days=random.randrange(6))).date().isoformat()
    return {
        "shop_id": shop,
        "order_id": name,
        "line_no": "1",
        "placed_at": text(placed),
        "paid_at": text(paid),
        "is_cod": "yes" if cod else random.choice(("no", "0", "")),
        "trade_mode": mode,
        "presale_mode": presale,
        "presale_ship_by": fixed if presale == "fixed" else "",
        "presale_days": str(random.randrange(6)) if presale == "relative" else "",
        "promised_ship_at": text(promised),
        "shipped_at": text(shipped),
        "collected_at": text(min(collected, signed)) if collected and signed else "",
        "signed_at": text(signed if signed is None or paid is None else max(signed, paid)),
        "cancelled_at": text(cancelled),
        "logistics_mode": random.choice(("express", "express", "", "none")),
    }


def random_shipping(random: Random, start: datetime, mode: str, care: float) -> datetime | None:
    """A time of shipping: any, on the deadline, a second beside it, or none."""
    if random.random() < 0.05:
        return None
    if random.random() < 0.1:
        beside = timedelta(hours=SHIP_HOURS[mode], seconds=random.choice((-1, 0, 1)))
        return start + beside
    return start + seconds(random, int((4 - 3 * care) * 86_400))


def order_facts(market: Market, order: Row, random: Random, day: date) -> None:
    """What buyers said about an order, and what the shop reported."""
    key = {"shop_id": order["shop_id"], "order_id": order["order_id"]}
    about = datetime.fromisoformat(order["signed_at"] or order["placed_at"])
    name = order["order_id"]
    if random.random() < 0.4:
        review = {"review_id": f"r{name}", "rating": random.choice("123444555555")}
        market["reviews"].append({**key, **review, "created_at": text(about)})
    for number in range(random.choice((0, 0, 0, 1, 1, 2))):
        case = {"case_id": f"c{name}-{number}", **random_case(random, about)}
        market["aftersales"].append({**key, **case})
    for number in range(random.choice((0,) * 12 + (1, 2))):
        ticket = {
            "complaint_id": f"t{name}-{number}",
            "opened_at": text(about),
            "outcome": random.choice(("open", "upheld", "rejected", "withdrawn", "")),
            "excluded_reason": random.choice(("", "", "", "malicious", "force_majeure")),
        }
        market["complaints"].append({**key, **ticket})
    if random.random() < 0.06:
        report = {"decision": random.choice(("accepted", "refused", "pending"))}
        market["delay_reports"].append({**key, "report_id": f"d{name}", "cause": "雨", **report})


def random_case(random: Random, about: datetime) -> Row:
    """An after-sales case in any state."""
    applied = about - seconds(random, 86_400)
    closed = applied + seconds(random, 4 * 86_400) if random.random() < 0.8 else None
    if closed and random.random() < 0.2:
        closed = max(applied, datetime.combine(closed.date(), time.min))
    kinds = (
        "refund_unshipped",
        "refund_shipped",
        *["return_refund"] * 3,
        "exchange",
        "freight_only",
    )
    return {
        "kind": random.choice(kinds),
        "reason": random.choice(REASONS),
        "applied_at": text(applied),
        "closed_at": text(closed),
        "outcome": random.choice(("open", "completed", "closed", "rejected", "cancelled")),
        "waiting_buyer_seconds": random.choice(("", "0", "7200", "300000")),
    }


def random_consultation(shop: str, number: int, random: Random, day: date) -> Row:
    """A consultation, often at the edges of the reply hours and of the three minutes."""
    started = random_time(random, day)
    if random.random() < 0.3:
        clock = random.choice((time(8, 59, 59), time(9), time(22, 59, 59), time(23)))
        started = datetime.combine(started.date(), clock)
    return {
        "shop_id": shop,
        "consultation_id": f"q{number}",
        "started_at": text(started),
        "started_by": random.choice(("buyer", "buyer", "buyer", "shop")),
        "queue_seconds": random.choice(("", "0", "30", "179", "180")),
        "first_reply_seconds": random.choice(("", "5", "60", "60", "179", "180")),
        "longest_gap_seconds": random.choice(("", "", "100", "179", "180")),
    }


def random_time(random: Random, day: date) -> datetime:
    """A time in the window of ``day``, at its edges or outside."""
    back = random.choice((random.uniform(-1, 190), random.uniform(-1, 4), random.uniform(170, 188)))
    at = datetime.combine(day, time.min) - timedelta(days=back)
    return at.replace(microsecond=0)


def copy_shop(market: Market, name: str, twin: str) -> None:
    """Another shop with the same facts."""
    for rows in market.values():
        rows += [{**row, "shop_id": twin} for row in rows if row["shop_id"] == name]


def seconds(random: Random, most: int) -> timedelta:
    """A span of whole seconds up to ``most``."""
    return timedelta(seconds=random.randrange(most + 1))


def text(at: datetime | None) -> str:
    """A time as files write it; empty when there is none."""
    return at.isoformat(sep=" ") if at else ""
