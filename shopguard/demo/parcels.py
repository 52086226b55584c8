"""From paid to signed: the warehouse, its deadline, the courier and the door."""

from dataclasses import dataclass

import numpy as np

from shopguard.demo import calendar
from shopguard.demo.calendar import DAY, HOUR, NEVER
from shopguard.demo.draws import Draws, Flags, Floats, Ints
from shopguard.demo.levels import Levels
from shopguard.demo.market import TRADE_MODES, Market, read
from shopguard.demo.orders import FIXED, RELATIVE, Orders

_MINUTE = 60
_OPENS, _CLOSES = 9, 20  # hours a warehouse works
_DOOR_FROM, _DOOR_TO = 8, 21  # hours a courier rings
_LOST_SHARE = 0.003
_BACKLOG_WAIT, _BACKLOG_ODDS = 0.35, 0.8
_STORM_HOURS = 30
_BACK_AT_WORK = 5  # days over which the shops come back from the Spring Festival
_CALM_STANDING = 5.1  # a shop of this standing plans for a flood of orders
_CONFIRM_DAYS = (0.2, 10.0)
_REDEEM_DAYS = 9.0


@dataclass
class Parcels:
    """One parcel an order, columns in the order of the orders; times as there, NEVER if not."""

    deadline: Ints
    shipped: Ints
    collected: Ints
    signed: Ints
    finished: Ints
    late: Flags
    storm: Flags


def backlog(market: Market, rate: Floats) -> Floats:
    """Days of ordinary work waiting in the warehouse, by shop and day."""
    ordinary = np.array([max(shop.size, 0.5) for shop in market.shops])
    capacity = read("buying")["way"]["backlog_capacity"]
    slack = np.array([max(_CALM_STANDING - shop.standing, 0.06) for shop in market.shops])
    waiting = np.zeros(rate.shape)
    for day in range(1, rate.shape[1]):
        left = waiting[:, day - 1] + rate[:, day] / ordinary - capacity
        waiting[:, day] = np.clip(left, 0.0, 6.0)
    return waiting * np.minimum(slack * 1.6, 1.4)[:, None]


def _by_mode(mode: Ints, table: dict[str, float]) -> Floats:
    return np.array([table[name] for name in TRADE_MODES], dtype=np.float64)[mode]


def _seconds(hours: Floats) -> Ints:
    return (hours * HOUR).astype(np.int64)


def _promise(orders: Orders, market: Market, draws: Draws) -> None:
    """Explicit ship times: the rest of the Spring Festival, and now and then a word in the chat."""
    buying = read("buying")
    resting, promise_day = calendar.festival_rest(market.days)
    wish = draws.chance("promise", orders.key, buying["promise_share"]) & (orders.presale == 0)
    low, high = buying["promise_hours"]
    spoken = orders.starts + _seconds(
        low + (high - low) * np.round(draws.uniform("promise/at", orders.key))
    )
    paid = (orders.starts != NEVER) & orders.express
    orders.promised[wish & paid] = spoken[wish & paid]
    rest = resting[orders.day] & paid & (orders.presale == 0)
    back = promise_day[orders.day] + market.numbers[orders.shop] % _BACK_AT_WORK
    orders.promised[rest] = (back * DAY + DAY - 1)[rest]


def deadlines(orders: Orders) -> Ints:
    """The last second to ship: promised, presale or by trade mode; NEVER without payment."""
    hours = _by_mode(orders.mode, read("buying")["way"]["deadline_hours"])
    due = orders.starts + _seconds(hours)
    due = np.where(orders.presale == RELATIVE, orders.starts + orders.presale_days * DAY, due)
    due = np.where(orders.presale == FIXED, orders.presale_day * DAY + DAY - 1, due)
    due = np.where(orders.promised != NEVER, orders.promised, due)
    return np.where((orders.starts != NEVER) & orders.express, due, NEVER)


def _late(orders: Orders, levels: Levels, waiting: Floats, storm: Flags, draws: Draws) -> Flags:
    """Which parcels miss their deadline: the shop's level, its backlog, and storms."""
    share = 1.0 - levels.of("ship_on_time_rate")[orders.shop, orders.day]
    odds = share / (1.0 - share) * (1.0 + _BACKLOG_ODDS * waiting)
    share = np.where(
        storm, np.maximum(read("seasons")["typhoons"]["late_share"], share), odds / (1.0 + odds)
    )
    return draws.chance("late", orders.key, share)


def _on_coast(market: Market) -> Flags:
    coast = read("seasons")["typhoons"]["provinces"]
    return np.array([shop.province in coast for shop in market.shops])


def _handled(orders: Orders, draws: Draws, usual: Floats, waiting: Floats, due: Ints) -> Ints:
    """When the goods are ready if nothing goes wrong."""
    way = read("buying")["way"]
    hours = usual * _by_mode(orders.mode, way["handling_part"]) * (1 + _BACKLOG_WAIT * waiting)
    hours = hours * draws.skewed("handling", orders.key, 0.55)
    ready = orders.starts + _seconds(hours)
    share = 0.35 + 0.6 * draws.uniform("handling/made", orders.key)
    waits = (orders.presale == RELATIVE) | ((orders.promised - orders.starts) > 3 * DAY)
    return np.where(waits, orders.starts + (share * (due - orders.starts)).astype(np.int64), ready)


def _shipped(orders: Orders, draws: Draws, ready: Ints, due: Ints, late: Flags) -> Ints:
    key = orders.key
    good = calendar.into_hours(ready, _OPENS, _CLOSES, draws, "shipped/opening", key)
    spare = (draws.uniform("shipped/spare", key) ** 2 * 5 * HOUR).astype(np.int64) + _MINUTE
    good = np.maximum(np.minimum(good, due - spare), orders.starts + 10 * _MINUTE)
    delay = 0.3 - read("buying")["way"]["late_hours"] * np.log1p(
        -draws.uniform("shipped/late", key)
    )
    bad = calendar.into_hours(due + _seconds(delay), _OPENS, _CLOSES, draws, "shipped/next", key)
    return np.where(late, bad, good)


def _roads(orders: Orders, market: Market) -> Floats:
    """How far the parcel goes, 1 for an average buyer of that shop's region."""
    table = read("geography")
    regions = [region for region, _ in table["provinces"].values()]
    weights = np.array([weight for _, weight in table["provinces"].values()])
    roads = []
    for shop in market.shops:
        row = table["roads"][table["provinces"][shop.province][0]]
        lengths = np.array([row[region] for region in regions])
        roads.append(lengths / np.average(lengths, weights=weights))
    return np.stack(roads)[orders.shop, orders.province]


def _signed(
    orders: Orders, market: Market, draws: Draws, usual: Floats, collected: Ints, storm: Flags
) -> Ints:
    way = read("buying")["way"]
    hours = usual * (1 - _by_mode(orders.mode, way["handling_part"])) * way["correction"]
    leaves = np.clip(collected // DAY - market.days[0], 0, market.days.size - 1)
    hours = hours * calendar.courier_slowness(market)[leaves] * _roads(orders, market)
    hours = hours * draws.skewed("way", orders.key, 0.22) + np.where(storm, _STORM_HOURS, 0.0)
    arrived = calendar.into_hours(
        collected + _seconds(hours), _DOOR_FROM, _DOOR_TO, draws, "door", orders.key
    )
    sunday = calendar.weekday(arrived // DAY) == 6
    rests = sunday & draws.chance("door/sunday", orders.key, 0.22)
    return np.where(rests, arrived + DAY, arrived)


def send(orders: Orders, market: Market, levels: Levels, rate: Floats, draws: Draws) -> Parcels:
    """Ship, carry and deliver every paid order as if nobody cancelled and no day were the last."""
    _promise(orders, market, draws)
    due = deadlines(orders)
    waiting = backlog(market, rate)[orders.shop, orders.day]
    stormy = np.concatenate([calendar.storms(market, draws), np.zeros(60, dtype=bool)])
    due_day = np.clip(due // DAY - market.days[0], 0, stormy.size - 1)
    storm = stormy[due_day] & _on_coast(market)[orders.shop] & (due != NEVER)
    late = _late(orders, levels, waiting, storm, draws) & (due != NEVER)
    usual = levels.of("pay_to_sign_hours")[orders.shop, orders.day]
    usual = usual * _by_mode(orders.mode, read("buying")["way"]["stretch"])
    shipped = _shipped(orders, draws, _handled(orders, draws, usual, waiting, due), due, late)
    pick_up = shipped + _seconds(2.6 * draws.skewed("collected", orders.key, 0.6))
    collected = calendar.into_hours(
        pick_up, _OPENS - 1, _CLOSES + 2, draws, "collected/morning", orders.key
    )
    signed = _signed(orders, market, draws, usual, collected, storm & late)
    signed = np.where(draws.chance("lost", orders.key, _lost(market)[orders.shop]), NEVER, signed)
    sent = (orders.starts != NEVER) & orders.express
    parcels = Parcels(
        deadline=due,
        shipped=np.where(sent, shipped, NEVER),
        collected=np.where(sent, collected, NEVER),
        signed=np.where(sent, signed, NEVER),
        finished=np.full(orders.size, NEVER),
        late=late & sent,
        storm=storm,
    )
    _redeem(orders, parcels, draws)
    _confirm(orders, parcels, draws)
    return parcels


def _lost(market: Market) -> Floats:
    return np.array([0.0 if shop.role == "too_small" else _LOST_SHARE for shop in market.shops])


def _redeem(orders: Orders, parcels: Parcels, draws: Draws) -> None:
    """Classes are not sent: they are signed when the buyer comes."""
    virtual = ~orders.express & (orders.starts != NEVER)
    days = 0.5 + _REDEEM_DAYS * draws.uniform("redeemed", orders.key) ** 1.5
    came = orders.starts + (days * DAY).astype(np.int64)
    came = calendar.into_hours(came, 10, 20, draws, "redeemed/hour", orders.key)
    parcels.signed = np.where(virtual, came, parcels.signed)


def _confirm(orders: Orders, parcels: Parcels, draws: Draws) -> None:
    """Receipt is confirmed by the buyer, or by itself after ten days; cash is paid at the door."""
    signed = parcels.signed != NEVER
    low, high = _CONFIRM_DAYS
    part = np.minimum(low + 1.6 * high * draws.uniform("finished", orders.key) ** 1.3, high)
    parcels.finished = np.where(signed, parcels.signed + (part * DAY).astype(np.int64), NEVER)
    orders.paid[orders.cash] = parcels.signed[orders.cash]
