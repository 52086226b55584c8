"""One function a canonical file: what the market knows, as named text columns."""

from dataclasses import dataclass
from itertools import compress

import numpy as np

from shopguard.demo import aftersales, causes, complaints, consultations, files, orders, reviews
from shopguard.demo.calendar import NEVER
from shopguard.demo.catalogue import Catalogue
from shopguard.demo.draws import Draws, Ints, keyed
from shopguard.demo.files import Clock, Column
from shopguard.demo.market import TRADE_MODES, Market, read
from shopguard.demo.parcels import Parcels

Sheet = dict[str, Column]
_UNDATED_EVERY = 3
_PRESALES = ("none", "fixed", "relative")
_METHODS_BY_SHARE = ("pickup", "locker", "self")


@dataclass(frozen=True)
class Book:
    """Everything the files are written from."""

    market: Market
    catalogue: Catalogue
    orders: orders.Orders
    parcels: Parcels
    clock: Clock
    draws: Draws
    shop_ids: list[str]
    order_ids: list[str]

    def shop(self, order: Ints) -> Column:
        """Shop ids of the orders at the places given."""
        return files.pick(self.shop_ids, self.orders.shop[order])


def order_ids(market: Market, placed: orders.Orders) -> list[str]:
    """Ids of the look of a platform's: date, shop, number of the day."""
    days = [
        day.replace("-", "")[2:]
        for day in np.datetime_as_string(market.days.astype("datetime64[D]")).tolist()
    ]
    return [
        f"P{days[day]}{number:04d}{sequence:04d}"
        for day, number, sequence in zip(
            placed.day.tolist(),
            market.numbers[placed.shop].tolist(),
            placed.sequence.tolist(),
            strict=True,
        )
    ]


def shops(book: Book) -> Sheet:
    """``shops``: one row a shop."""
    owned = book.market.shops
    return {
        "shop_id": [shop.id for shop in owned],
        "name": [shop.name for shop in owned],
        "platform": [shop.platform for shop in owned],
        "shop_type": [shop.kind for shop in owned],
        "industry": [shop.industry for shop in owned],
        "main_category": [shop.main_category for shop in owned],
        "opened_on": [shop.opened_on(book.market.today).isoformat() for shop in owned],
        "base_settings_complete": ["no" if shop.role == "too_small" else "yes" for shop in owned],
        "service_mode": ["platform" if shop.number % 9 == 0 else "own" for shop in owned],
        "return_province": [shop.province for shop in owned],
    }


def products(book: Book) -> Sheet:
    """``products``: the catalogue of every shop."""
    pairs = [
        (shop.id, product)
        for shop, owned in zip(book.market.shops, book.catalogue.products, strict=True)
        for product in owned
    ]
    return {
        "shop_id": [shop for shop, _ in pairs],
        "product_id": [product.id for _, product in pairs],
        "title": [product.title for _, product in pairs],
        "category": [product.category for _, product in pairs],
        "price": files.yuan(np.array([product.price for _, product in pairs])),
        "net_weight_kg": [
            "" if product.virtual else f"{product.weight:.2f}" for _, product in pairs
        ],
        "is_virtual": files.flags(np.array([product.virtual for _, product in pairs])),
        "is_made_to_order": files.flags(np.array([product.made_to_order for _, product in pairs])),
        "on_shelf": files.flags(np.array([product.on_shelf for _, product in pairs])),
    }


def _specification(book: Book, order: Ints, line: Ints) -> tuple[Column, Column]:
    """SKU and specification of each order line, the same product always in the same ways."""
    key = keyed(book.orders.key[order], line)
    product = book.orders.lines[order, line].tolist()
    wide = causes.breadth(book.market, book.orders, order, line)
    places = [(book.draws.uniform(f"spec/{slot}", key) * wide).tolist() for slot in range(2)]
    lists = [book.catalogue.options(shop) for shop in book.market.shops]
    skus, specs = [], []
    for row, shop in enumerate(book.orders.shop[order].tolist()):
        chosen = [int(places[slot][row] * len(options)) for slot, options in enumerate(lists[shop])]
        goods = book.catalogue.products[shop][product[row]]
        skus.append(f"{goods.id}-" + "".join(str(choice + 1) for choice in chosen))
        specs.append(
            "/".join(options[choice] for options, choice in zip(lists[shop], chosen, strict=True))
        )
    return skus, specs


def order_lines(book: Book) -> Sheet:
    """``orders``: one row an order line, order columns repeated."""
    placed, parcels, clock = book.orders, book.parcels, book.clock
    order, line = np.nonzero(placed.lines >= 0)
    goods = [list(owned) for owned in book.catalogue.products]
    skus, specs = _specification(book, order, line)
    sheet = {
        "shop_id": book.shop(order),
        "order_id": files.pick(book.order_ids, order),
        "line_no": files.numbers(line + 1),
        "product_id": [
            goods[shop][product].id
            for shop, product in zip(
                placed.shop[order].tolist(), placed.lines[order, line].tolist(), strict=True
            )
        ],
        "sku": skus,
        "spec": specs,
        "quantity": files.numbers(placed.quantity[order, line]),
        "line_paid": files.yuan(placed.line_fen[order, line]),
    }
    for name, times in {
        "placed_at": placed.placed,
        "paid_at": placed.paid,
        "shipped_at": parcels.shipped,
        "collected_at": parcels.collected,
        "signed_at": parcels.signed,
        "finished_at": parcels.finished,
        "cancelled_at": placed.cancelled,
    }.items():
        sheet[name] = files.pick(clock.past(times), order)
    return sheet | _order_terms(book, order)


def _order_terms(book: Book, order: Ints) -> Sheet:
    placed, clock = book.orders, book.clock
    provinces = list(read("geography")["provinces"])
    return {
        "is_cod": files.flags(placed.cash[order]),
        "trade_mode": files.codes(placed.mode[order], TRADE_MODES),
        "channel": files.codes(placed.live[order].astype(np.int64), ("normal", "live")),
        "presale_mode": files.codes(placed.presale[order], _PRESALES),
        "presale_ship_by": clock.days(placed.presale_day[order]),
        "presale_days": files.numbers(placed.presale_days[order]),
        "promised_ship_at": clock.planned(placed.promised[order]),
        "logistics_mode": files.codes(placed.express[order].astype(np.int64), ("none", "express")),
        "is_promotion": files.flags(placed.promotion[order]),
        "is_fraud_risk": files.flags(placed.fraud[order]),
        "province": files.codes(placed.province[order], provinces),
        "order_paid": files.yuan(placed.paid_fen[order]),
        "freight": files.yuan(placed.freight_fen[order]),
        "buyer": [f"buyer-{number:06d}" for number in placed.buyer[order].tolist()],
    }


def review_rows(book: Book, written: reviews.Reviews) -> Sheet:
    """``reviews``: those written by now."""
    industries = [shop.industry for shop in book.market.shops]
    silent = book.draws.chance(
        "review/silent", written.key, read("voices")["reviews"]["silent_share"]
    )
    words = reviews.texts(
        written, files.pick(industries, book.orders.shop[written.order]), silent, book.draws
    )
    first = book.orders.lines[written.order, 0].tolist()
    shop = book.orders.shop[written.order].tolist()
    sheet = {
        "shop_id": book.shop(written.order),
        "review_id": ["V" + order[1:] for order in files.pick(book.order_ids, written.order)],
        "order_id": files.pick(book.order_ids, written.order),
        "product_id": [book.catalogue.products[s][p].id for s, p in zip(shop, first, strict=True)],
        "rating": files.numbers(written.rating),
        "text": words,
        "created_at": book.clock.past(written.created),
        "replied_at": book.clock.past(written.replied),
    }
    return _known(sheet, "created_at")


def _known(sheet: Sheet, column: str) -> Sheet:
    """Only the rows that have begun."""
    return only(sheet, [bool(text) for text in sheet[column]])


def only(sheet: Sheet, kept: list[bool]) -> Sheet:
    """Only the rows marked in ``kept``."""
    return {name: list(compress(values, kept)) for name, values in sheet.items()}


def case_rows(book: Book, cases: aftersales.Cases) -> Sheet:
    """``aftersales``: those applied for by now, as far as they have come."""
    cases = cases.only(book.clock.come(cases.applied))
    clock, texts = book.clock, aftersales.reasons()
    done = clock.come(cases.closed)
    order = cases.order
    ids = zip(files.pick(book.order_ids, order), (cases.kind + 1).tolist(), strict=True)
    waited = np.minimum(cases.waiting, clock.end - cases.applied)
    sheet = {
        "shop_id": book.shop(order),
        "case_id": [f"R{text[1:]}{kind}" for text, kind in ids],
        "order_id": files.pick(book.order_ids, order),
        "line_no": files.numbers(cases.line + 1),
        "kind": files.codes(cases.kind, aftersales.KINDS),
        "reason": files.pick(texts, cases.reason),
        "latest_reason": files.pick(texts, cases.latest),
        "applied_at": clock.past(cases.applied),
        "closed_at": clock.past(cases.closed),
        "outcome": files.codes(np.where(done, cases.outcome, aftersales.OPEN), aftersales.OUTCOMES),
        "waiting_buyer_seconds": files.numbers(waited),
        "requested": files.yuan(cases.requested_fen),
        "refunded": files.yuan(np.where(done, cases.refunded_fen, -1)),
        "merchant_received_at": clock.past(cases.received),
        # One case in three has no deadline of its own: its page shows the estimated one.
        "deadline_at": clock.planned(
            np.where(cases.key % np.uint64(_UNDATED_EVERY) == 0, NEVER, cases.deadline)
        ),
        "first_reply_at": clock.past(aftersales.answered(cases, book.draws)),
        "state": aftersales.state_names(cases, book.clock.end),
    }
    return sheet | _way_back(book, cases)


def _way_back(book: Book, cases: aftersales.Cases) -> Sheet:
    """How returned goods travel; unknown until the buyer has sent them."""
    table, draws = read("aftersales"), book.draws
    sends = np.isin(cases.kind, (aftersales.RETURN, aftersales.EXCHANGE))
    sent = sends & book.clock.come(cases.applied + cases.waiting)
    shares = np.array([table["return_methods"][name] for name in _METHODS_BY_SHARE])
    method = np.where(sent, draws.pick("return/method", cases.key, shares), -1)
    costs = np.array(table["carrier_fen"])
    cost = costs[(draws.uniform("return/cost", cases.key) * costs.size).astype(np.int64)]
    tracking = (draws.uniform("return/number", cases.key) * 1e12).astype(np.int64).tolist()
    shop = book.orders.shop[cases.order]
    product = book.orders.lines[cases.order, cases.line]
    count = book.orders.quantity[cases.order, cases.line].tolist()
    goods = [
        book.catalogue.products[s][p] for s, p in zip(shop.tolist(), product.tolist(), strict=True)
    ]
    known = sent.tolist()
    return {
        "return_method": files.codes(method, _METHODS_BY_SHARE),
        "return_weight_kg": [
            f"{item.weight * many + 0.12:.2f}" if is_known else ""
            for item, many, is_known in zip(goods, count, known, strict=True)
        ],
        "return_tracking_no": [
            f"RT{number:012d}" if is_known else ""
            for number, is_known in zip(tracking, known, strict=True)
        ],
        "carrier_cost": files.yuan(np.where(sent, cost, -1)),
    }


def consultation_rows(book: Book, asked: consultations.Consultations) -> Sheet:
    """``consultations``: those begun by now."""
    voices, words = read("voices")["consultations"], read("texts")["consultations"]
    topics = list(voices["topics"])
    names = voices["surnames"]
    number = book.market.numbers[asked.shop]
    days = files.pick(
        [text.replace("-", "")[2:] for text in book.clock.days(book.market.days)], asked.day
    )
    topic = files.codes(asked.topic, topics)
    at = book.draws.uniform("consultation/words", asked.key).tolist()
    order = np.where(asked.order >= 0, asked.order, -1)
    goods = _goods_of(book, order)
    running = ~book.clock.come(asked.ended)
    sheet = {
        "shop_id": files.pick(book.shop_ids, asked.shop),
        "consultation_id": [
            f"C{day}{shop:04d}{sequence:04d}"
            for day, shop, sequence in zip(
                days, number.tolist(), asked.sequence.tolist(), strict=True
            )
        ],
        "agent": files.pick(names, (number * 5 + asked.agent * 7) % len(names)),
        "started_at": book.clock.past(asked.started),
        "started_by": files.codes(asked.by_shop.astype(np.int64), ("buyer", "shop")),
        "queue_seconds": files.numbers(asked.queue),
        "first_reply_seconds": files.numbers(np.where(running, -1, asked.first_reply)),
        "longest_gap_seconds": files.numbers(np.where(running, -1, asked.longest_gap)),
        "rating": files.numbers(np.where(running, -1, asked.rating)),
        "ended_at": book.clock.past(asked.ended),
        "order_id": files.pick(book.order_ids, order),
        "product_id": goods,
        "topic": topic,
        "text": [
            words[name][int(place * len(words[name]))]
            for name, place in zip(topic, at, strict=True)
        ],
        "last_message_by": files.codes((~asked.last_by_buyer).astype(np.int64), ("buyer", "shop")),
    }
    return _known(sheet, "started_at")


def _goods_of(book: Book, order: Ints) -> Column:
    """Product ids of the first lines, an empty cell where no order is meant."""
    shop, product = book.orders.shop[order].tolist(), book.orders.lines[order, 0].tolist()
    known = (order >= 0).tolist()
    return [
        book.catalogue.products[s][p].id if is_known else ""
        for s, p, is_known in zip(shop, product, known, strict=True)
    ]


def complaint_rows(book: Book, tickets: complaints.Complaints) -> Sheet:
    """``complaints``: those opened by now, undecided while unanswered."""
    names, words = complaints.topics(), read("texts")["complaints"]
    done = book.clock.come(tickets.answered)
    at = book.draws.uniform("complaint/words", tickets.key).tolist()
    said = files.codes(tickets.topic, names)
    sheet = {
        "shop_id": book.shop(tickets.order),
        "complaint_id": ["T" + text[1:] for text in files.pick(book.order_ids, tickets.order)],
        "order_id": files.pick(book.order_ids, tickets.order),
        "opened_at": book.clock.past(tickets.opened),
        "answered_at": book.clock.past(tickets.answered),
        "outcome": files.codes(np.where(done, tickets.outcome, 0), complaints.OUTCOMES),
        "excluded_reason": [
            "malicious" if is_out else "" for is_out in (tickets.malicious & done).tolist()
        ],
        "topic": ["quality" if name == complaints.BURST else name for name in said],
        "text": [
            words[name][int(place * len(words[name]))] for name, place in zip(said, at, strict=True)
        ],
    }
    return _known(sheet, "opened_at")


def delay_rows(book: Book, reports: complaints.DelayReports) -> Sheet:
    """``delay_reports``: those filed by now."""
    words = read("texts")["delay_reports"]
    done = book.clock.come(reports.decided)
    at = book.draws.uniform("delay/words", reports.key).tolist()
    storm = ["storm" if value else "other" for value in reports.storm.tolist()]

    def said(kind: str) -> Column:
        return [
            words[f"{cause}_{kind}"][int(place * len(words[f"{cause}_{kind}"]))]
            for cause, place in zip(storm, at, strict=True)
        ]

    sheet = {
        "shop_id": book.shop(reports.order),
        "report_id": ["D" + text[1:] for text in files.pick(book.order_ids, reports.order)],
        "order_id": files.pick(book.order_ids, reports.order),
        "cause": said("causes"),
        "evidence": said("evidence"),
        "filed_at": book.clock.past(reports.filed),
        "decision": files.codes(np.where(done, reports.decision, 0), complaints.DECISIONS),
        "decided_at": book.clock.past(reports.decided),
    }
    return _known(sheet, "filed_at")
