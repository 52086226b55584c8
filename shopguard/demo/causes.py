"""Causes of returns that lie in the demo to be found; ``data/characters.toml`` says where."""

import numpy as np

from shopguard.demo import calendar
from shopguard.demo.calendar import DAY, HOUR
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
    for cause in table["clusters"]:
        times[_of_product(market, orders, cause)] *= cause["factor"]
    return times


def applied(market: Market, orders: Orders, times: Ints, signed: Ints, draws: Draws) -> Ints:
    """The times of applying, those of a cluster moved to its day after ordering."""
    moved = times.copy()
    for cause in read("characters")["clusters"]:
        which = _of_product(market, orders, cause)
        which &= draws.chance("cause/cluster", orders.key, cause["share"])
        at = (orders.placed // DAY + cause["day"]) * DAY + calendar.time_of_day(times)
        moved = np.where(which & (at > signed), at, moved)
    return moved


def reason(market: Market, orders: Orders, reasons: Ints, texts: list[str], draws: Draws) -> Ints:
    """The reasons, some of them turned into the one that is at home in the shop."""
    turned = reasons.copy()
    for cause in read("characters")["reasons"]:
        which = _of(market, orders, cause["role"])
        which &= draws.chance("cause/reason", orders.key, cause["share"])
        turned = np.where(which, texts.index(cause["reason"]), turned)
    return turned


def _of(market: Market, orders: Orders, role: str) -> Flags:
    return np.isin(orders.shop, market.where(role))


def _of_product(market: Market, orders: Orders, cause: dict[str, int | float | str]) -> Flags:
    is_first = orders.lines[:, 0] == cause["product"]
    return _of(market, orders, str(cause["role"])) & is_first
