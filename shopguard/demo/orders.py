"""Orders as buyers place them: when, what, for how much. Shipping follows in ``parcels``."""

from dataclasses import dataclass

import numpy as np

from shopguard.demo import calendar
from shopguard.demo.calendar import DAY, HOUR, NEVER
from shopguard.demo.catalogue import Catalogue
from shopguard.demo.draws import Draws, Flags, Floats, Ints, Keys, keyed
from shopguard.demo.market import Market, read

NO_PRESALE, FIXED, RELATIVE = 0, 1, 2
MOST_LINES = 3
_LEAD = 10_000_000  # buyers who come once are numbered apart from those who come again
_CLOSES_UNPAID = (1_800, 86_400)


@dataclass
class Orders:
    """All orders as columns. Times are Shanghai seconds since 1970-01-01, NEVER if not.

    ``shop`` and ``day`` are places in the market, ``lines`` holds the products of up to three lines
    (place in the shop's catalogue, −1 for none), ``paid_fen`` includes ``freight_fen``.
    """

    shop: Ints
    day: Ints
    sequence: Ints
    key: Keys
    placed: Ints
    paid: Ints
    cancelled: Ints
    cash: Flags
    live: Flags
    promotion: Flags
    fraud: Flags
    express: Flags
    mode: Ints
    presale: Ints
    presale_day: Ints
    presale_days: Ints
    promised: Ints
    province: Ints
    buyer: Ints
    lines: Ints
    quantity: Ints
    line_fen: Ints
    freight_fen: Ints

    @property
    def size(self) -> int:
        """How many orders there are."""
        return int(self.shop.size)

    @property
    def starts(self) -> Ints:
        """When the clock of shipping starts: paid, or placed for cash on delivery."""
        return np.where(self.cash, self.placed, self.paid)

    @property
    def paid_fen(self) -> Ints:
        """What each order cost, postage included, in fen."""
        return np.asarray(self.line_fen.sum(axis=1) + self.freight_fen, dtype=np.int64)


def trend(market: Market, draws: Draws) -> Floats:
    """Slow growth and decline by shop and day; a newcomer starts from nothing."""
    buying = read("buying")
    rule = buying["trend"]
    key = keyed(market.numbers)
    short, long = rule["days"]
    length = short + (long - short) * draws.uniform("trend/days", key)
    phase = 2 * np.pi * draws.uniform("trend", key)
    factor: Floats = np.exp(
        rule["swing"] * np.sin(2 * np.pi * market.days / length[:, None] + phase[:, None])
    )
    for place in market.where("newcomer"):
        opened = calendar.number(market.shops[place].opened_on(market.today))
        since = market.days - opened
        factor[place] = np.where(
            since >= 0, 1.05 - np.exp(-(since + 1) / buying["newcomer_days"]), 0.0
        )
    return factor


def expected(market: Market, draws: Draws) -> Floats:
    """Orders a day the shops can expect, by shop and day."""
    sizes = np.array([shop.size for shop in market.shops])
    return sizes[:, None] * trend(market, draws) * calendar.demand(market)


def _broadcasts(market: Market, draws: Draws) -> Flags:
    key = keyed(market.numbers[:, None], market.days[None, :])
    return draws.chance("live/day", key, read("buying")["live_day_share"])


def _counts(market: Market, draws: Draws, rate: Floats) -> Ints:
    """Orders by shop and day, live evenings and unexplained good and bad days included."""
    buying = read("buying")
    key = keyed(market.numbers[:, None], market.days[None, :])
    live = np.array([shop.live for shop in market.shops])[:, None]
    lift = 1 + (buying["live_day_factor"] - 1) * live * _broadcasts(market, draws)
    noise = draws.skewed("orders/day", key, buying["daily_spread"])
    counts = draws.counts("orders", key, rate * lift * noise)
    few = read("characters")["few_orders"]
    for place in market.where(few["role"]):
        counts[place] = 0
        spots = np.linspace(few["first"], few["last"], few["orders"]).astype(np.int64)
        counts[place, market.days.size + spots] = 1
    return counts


def place(market: Market, catalogue: Catalogue, draws: Draws, rate: Floats) -> Orders:
    """Every order placed on the covered days, in order of shop and day."""
    counts = _counts(market, draws, rate)
    shop, day = (
        np.repeat(index, counts.ravel()) for index in map(np.ravel, np.indices(counts.shape))
    )
    starts = np.cumsum(counts.ravel()) - counts.ravel()
    sequence = np.arange(shop.size) - np.repeat(starts, counts.ravel())
    key = keyed(market.numbers[shop], market.days[day], sequence)
    buying, regular = read("buying"), _never_unpaid(market)[shop]
    live = draws.chance("live", key, _live_share(market, draws)[shop, day])
    placed = market.days[day] * DAY + _second_of_day(draws, key, live)
    orders = Orders(
        shop=shop,
        day=day,
        sequence=sequence,
        key=key,
        placed=placed,
        paid=placed + 4 + (draws.uniform("paid", key) ** 4 * 900).astype(np.int64),
        cancelled=np.full(shop.size, NEVER),
        cash=draws.chance("cash", key, market.of_industry(buying["cash_on_delivery_share"])[shop]),
        live=live,
        promotion=draws.chance("promotion", key, calendar.promotion_share(market)[day]),
        fraud=draws.chance("fraud", key, buying["fraud_risk_share"]) & ~regular,
        express=np.array([line.line != buying["virtual_line"] for line in market.shops])[shop],
        mode=np.zeros(shop.size, dtype=np.int64),
        presale=np.zeros(shop.size, dtype=np.int64),
        presale_day=np.full(shop.size, NEVER),
        presale_days=np.full(shop.size, NEVER),
        promised=np.full(shop.size, NEVER),
        province=draws.pick("province", key, _province_weights()),
        buyer=_buyers(market, draws, key, shop),
        lines=np.full((shop.size, MOST_LINES), -1),
        quantity=np.zeros((shop.size, MOST_LINES), dtype=np.int64),
        line_fen=np.zeros((shop.size, MOST_LINES), dtype=np.int64),
        freight_fen=_freight(draws, key),
    )
    _fill_lines(orders, catalogue, draws)
    _presell(orders, market, catalogue, draws)
    _leave_unpaid(orders, draws, draws.chance("unpaid", key, buying["unpaid_share"]) & ~regular)
    return orders


def _never_unpaid(market: Market) -> Flags:
    """The shop with a handful of orders keeps every one of them."""
    return np.array([shop.role == "too_small" for shop in market.shops])


def _live_share(market: Market, draws: Draws) -> Floats:
    live = np.array([shop.live for shop in market.shops])[:, None]
    return np.where(_broadcasts(market, draws), np.minimum(live * 2.4, 0.85), live * 0.4)


def _second_of_day(draws: Draws, key: Keys, live: Flags) -> Ints:
    hours: list[float] = read("seasons")["order_hours"]
    first, last = read("buying")["live_hours"]
    evening = first * HOUR + (draws.uniform("placed/live", key) * (last - first) * HOUR).astype(
        np.int64
    )
    return np.where(live, evening, calendar.hour_seconds(draws, "placed", key, hours))


def _province_weights() -> Floats:
    return np.array([weight for _, weight in read("geography")["provinces"].values()])


def _buyers(market: Market, draws: Draws, key: Keys, shop: Ints) -> Ints:
    """Numbers of the buyers: some come again, most come once."""
    buying = read("buying")
    sizes = np.array([line.size for line in market.shops])[shop]
    regulars = 4 + (sizes * buying["regulars_per_daily_order"]).astype(np.int64)
    again = (draws.uniform("buyer/regular", key) ** 1.6 * regulars).astype(np.int64)
    once = regulars + (draws.uniform("buyer/new", key) * _LEAD).astype(np.int64) % 900_000
    buyer: Ints = 1 + np.where(draws.chance("buyer", key, buying["regulars_share"]), again, once)
    return buyer


def _freight(draws: Draws, key: Keys) -> Ints:
    buying = read("buying")
    amounts = np.array(buying["freight_fen"])
    amount = amounts[(draws.uniform("freight/amount", key) * amounts.size).astype(np.int64)]
    return np.where(draws.chance("freight", key, buying["freight_share"]), amount, 0)


def _fill_lines(orders: Orders, catalogue: Catalogue, draws: Draws) -> None:
    """Products, quantities and amounts of one to three lines, with the discounts of a promotion."""
    buying = read("buying")
    lines = 1 + draws.pick("lines", orders.key, np.array(buying["line_shares"]))
    discount = 1.0 - np.where(
        orders.promotion, 0.08 + 0.12 * draws.uniform("discount", orders.key), 0.0
    )
    for line in range(MOST_LINES):
        has = lines > line
        product = draws.pick(f"product/{line}", orders.key, catalogue.popularity[orders.shop])
        quantity = 1 + draws.pick(
            f"quantity/{line}", orders.key, np.array(buying["quantity_shares"])
        )
        price = catalogue.price[orders.shop, product] * quantity * discount
        orders.lines[:, line] = np.where(has, product, -1)
        orders.quantity[:, line] = np.where(has, quantity, 0)
        orders.line_fen[:, line] = np.where(has, (price // 10 * 10).astype(np.int64), 0)
    orders.mode = catalogue.mode[orders.shop, orders.lines[:, 0]]


def _presell(orders: Orders, market: Market, catalogue: Catalogue, draws: Draws) -> None:
    """Deposits before 11.11 with a fixed day, and goods made after the order with N days."""
    buying, day = read("buying"), market.days[orders.day]
    for sale in read("seasons")["presales"]:
        share = market.of_industry(sale["share"])[orders.shop]
        for year in calendar.years(market):
            inside = (day >= calendar.on(year, sale["first"])) & (
                day <= calendar.on(year, sale["last"])
            )
            hit = inside & draws.chance("presale", orders.key, share) & ~orders.cash
            opens = calendar.on(year, sale["pays_on"]) * DAY + 20 * HOUR
            low, high = buying["deposit_minutes"]
            wait = (low + (high - low) * draws.uniform("presale/paid", orders.key)) * 60
            orders.presale[hit] = FIXED
            orders.presale_day[hit] = calendar.on(year, sale["ship_by"])
            orders.paid[hit] = (opens + wait.astype(np.int64))[hit]
    made = (catalogue.made_to_order[orders.shop, orders.lines[:, 0]] == 1) & (
        orders.presale == NO_PRESALE
    )
    choices = np.array(buying["made_to_order_days"])
    orders.presale[made] = RELATIVE
    orders.presale_days[made] = choices[orders.lines[made, 0] % choices.size]


def _leave_unpaid(orders: Orders, draws: Draws, unpaid: Flags) -> None:
    low, high = _CLOSES_UNPAID
    closes = (
        orders.placed
        + low
        + (draws.uniform("unpaid/closed", orders.key) ** 3 * (high - low)).astype(np.int64)
    )
    gone = unpaid & ~orders.cash
    orders.paid[gone] = NEVER
    orders.cancelled[gone] = closes[gone]
    orders.presale[gone & (orders.presale == RELATIVE)] = NO_PRESALE
    orders.presale_days[gone] = NEVER
