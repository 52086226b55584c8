"""Causes of returns that lie in the demo to be found; ``data/characters.toml`` says where."""

import numpy as np

from shopguard.demo import calendar
from shopguard.demo.calendar import HOUR
from shopguard.demo.draws import Draws, Flags, Floats, Ints
from shopguard.demo.market import Market, read
from shopguard.demo.orders import Orders


def factor(market: Market, orders: Orders) -> Floats:
    """How many times likelier each order comes back than others of its shop."""
    table = read("characters")
    times = np.ones(orders.size)
    for cause in table["late_orders"]:
        is_late = calendar.time_of_day(orders.placed) >= cause["from_hour"] * HOUR
        times[_of(market, orders, cause["role"]) & is_late] *= cause["factor"]
    for cause in table["weak_products"]:
        is_first = orders.lines[:, 0] == cause["product"]
        times[_of(market, orders, cause["role"]) & is_first] *= cause["factor"]
    return times


def reason(market: Market, orders: Orders, reasons: Ints, texts: list[str], draws: Draws) -> Ints:
    """The reasons, some of them turned into the one that is at home in the shop."""
    turned = reasons.copy()
    for cause in read("characters")["reasons"]:
        which = _of(market, orders, cause["role"])
        which &= draws.chance("cause/reason", orders.key, cause["share"])
        turned = np.where(which, texts.index(cause["reason"]), turned)
    return turned


def _of(market: Market, orders: Orders, role: str) -> Flags:
    shops = np.array(market.where(role), dtype=np.int64)
    return np.isin(orders.shop, shops)
