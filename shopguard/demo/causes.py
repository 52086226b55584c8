"""Causes of returns that lie in the demo to be found; ``data/characters.toml`` says where."""

import numpy as np

from shopguard.demo import calendar
from shopguard.demo.calendar import DAY, HOUR
from shopguard.demo.draws import Draws, Flags, Floats, Ints
from shopguard.demo.market import Market, read
from shopguard.demo.orders import Orders

_WAKING = (10.0, 22.0)


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


def one_day(market: Market, orders: Orders, applied: Ints, signed: Ints, draws: Draws) -> Ints:
    """When each order comes back, some moved to the one day after ordering; none before it came."""
    moved = applied.copy()
    for cause in read("characters")["one_day"]:
        midnight = orders.placed - calendar.time_of_day(orders.placed)
        low, high = _WAKING
        hour = low + (high - low) * draws.uniform("cause/one-day/hour", orders.key)
        at = midnight + cause["day"] * DAY + (hour * HOUR).astype(np.int64)
        which = _of(market, orders, cause["role"]) & (orders.lines[:, 0] == cause["product"])
        which &= draws.chance("cause/one-day", orders.key, cause["share"]) & (at > signed)
        moved = np.where(which, at, moved)
    return moved


def breadth(market: Market, orders: Orders, order: Ints, line: Ints) -> Floats:
    """How far into the list of specifications buyers of each order line choose, 1 all of it."""
    wide = np.ones(order.size)
    for cause in read("characters")["one_day"]:
        which = _of(market, orders, cause["role"])[order]
        wide[which & (orders.lines[order, line] == cause["product"])] = cause["specifications"]
    return wide


def _of(market: Market, orders: Orders, role: str) -> Flags:
    shops = np.array(market.where(role), dtype=np.int64)
    return np.isin(orders.shop, shops)
