"""Build the market and write its files."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from shopguard.demo import (
    aftersales,
    calendar,
    catalogue,
    complaints,
    consultations,
    files,
    levels,
    orders,
    parcels,
    reviews,
    sheets,
    violations,
)
from shopguard.demo.calendar import DAY
from shopguard.demo.draws import Draws
from shopguard.demo.market import Market, shops

DAYS_OF_FACTS = 380
DEFAULT_SEED = 20220820
_DAYS_AHEAD = 60  # deadlines and promises may lie so far after the last day

# Order of import: what others refer to comes first.
KINDS = (
    "shops",
    "products",
    "orders",
    "reviews",
    "aftersales",
    "consultations",
    "complaints",
    "delay_reports",
    "violations",
)


@dataclass(frozen=True)
class Written:
    """A file that was written."""

    kind: str
    path: Path
    rows: int


def market_of(today: date, shop_limit: int | None = None) -> Market:
    """The market whose last day of facts is the day before ``today``."""
    return Market(shops(shop_limit), today - timedelta(days=DAYS_OF_FACTS), today)


def build(market: Market, seed: int = DEFAULT_SEED) -> dict[str, sheets.Sheet]:
    """Every canonical file as text columns, by kind in the order of import."""
    draws = Draws(seed)
    truth, rate = levels.Levels(market, draws), orders.expected(market, draws)
    goods = catalogue.build(market, draws)
    placed = orders.place(market, goods, draws, rate)
    sent = parcels.send(placed, market, truth, rate, draws)
    waiting = parcels.backlog(market, rate)
    cases = aftersales.handle(placed, sent, market, goods, truth, waiting, draws)
    first, end = calendar.number(market.first), calendar.number(market.today)
    book = sheets.Book(
        market,
        goods,
        placed,
        sent,
        files.Clock(first, end + _DAYS_AHEAD, end * DAY),
        draws,
        [shop.id for shop in market.shops],
        sheets.order_ids(market, placed),
    )
    asked = consultations.ask(placed, market, truth, rate, waiting, draws)
    built = {
        "shops": sheets.shops(book),
        "products": sheets.products(book),
        "orders": sheets.order_lines(book),
        "reviews": sheets.review_rows(
            book, reviews.write(placed, sent, cases, market, truth, draws)
        ),
        "aftersales": sheets.case_rows(book, cases),
        "consultations": sheets.consultation_rows(book, asked),
        "complaints": sheets.complaint_rows(
            book, complaints.complain(placed, sent, cases, market, truth, draws)
        ),
        "delay_reports": sheets.delay_rows(book, complaints.report(placed, sent, draws)),
        "violations": violations.rows(market),
    }
    return _withhold(built, {market.shops[place].id for place in market.where("bare")})


def _withhold(built: dict[str, sheets.Sheet], bare: set[str]) -> dict[str, sheets.Sheet]:
    """Some shops can hand in nothing but products and orders, and those without payment times."""
    kept = built | {
        kind: sheets.only(sheet, [shop not in bare for shop in sheet["shop_id"]])
        for kind, sheet in built.items()
        if kind not in ("shops", "products", "orders")
    }
    lines = built["orders"]
    paid = [
        "" if shop in bare else at
        for shop, at in zip(lines["shop_id"], lines["paid_at"], strict=True)
    ]
    return kept | {"orders": lines | {"paid_at": paid}}


def write(
    folder: Path, today: date, seed: int = DEFAULT_SEED, shop_limit: int | None = None
) -> list[Written]:
    """Write the files of the market into ``folder`` (made if missing), in the order of import."""
    folder.mkdir(parents=True, exist_ok=True)
    built = build(market_of(today, shop_limit), seed)
    return [
        Written(kind, folder / f"{kind}.csv", files.write(folder / f"{kind}.csv", built[kind]))
        for kind in KINDS
    ]
