"""The days of the market: weeks, sales, the Spring Festival, storms, and the hours people keep."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np

from shopguard.demo.draws import Draws, Flags, Floats, Ints, Keys, keyed
from shopguard.demo.market import Market, read

EPOCH = date(1970, 1, 1)
DAY = 86_400
HOUR = 3_600
NEVER = np.int64(-1)  # a time that is unknown or has not come

_MORNING = 7
_MONDAY_OFFSET = 3  # 1970-01-01 was a Thursday


def number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def day_of(number_: int) -> date:
    """The inverse of :func:`number`."""
    return EPOCH + timedelta(days=int(number_))


def weekday(days: Ints) -> Ints:
    """0 Monday … 6 Sunday."""
    return (days + _MONDAY_OFFSET) % 7


def time_of_day(seconds: Ints) -> Ints:
    """Seconds since midnight, for seconds of Shanghai wall time since 1970-01-01."""
    return seconds % DAY


def years(market: Market) -> range:
    """The calendar years the covered days touch, with one more before and after."""
    return range(market.first.year - 1, market.today.year + 2)


def on(year: int, month_day: str) -> int:
    """Day number of ``"MM-DD"`` in ``year``."""
    return number(date.fromisoformat(f"{year}-{month_day}"))


def hour_seconds(draws: Draws, purpose: str, key: Ints | Keys, weights: list[float]) -> Ints:
    """A second of the day for every key, by the 24 weights of the hours."""
    hours = draws.pick(purpose + "/hour", keyed(key), np.array(weights))
    return hours * HOUR + (draws.uniform(purpose + "/second", keyed(key)) * HOUR).astype(np.int64)


def into_hours(times: Ints, first: int, last: int, draws: Draws, purpose: str, key: Keys) -> Ints:
    """Times outside the hours [first, last) moved to the first two hours of the next opening."""
    clock = time_of_day(times)
    opening = times - clock + first * HOUR
    opening = opening + (draws.uniform(purpose, key) * 2 * HOUR).astype(np.int64)
    after = np.where(clock >= last * HOUR, opening + DAY, times)
    return np.where(clock < first * HOUR, opening, after)


def awake(times: Ints, draws: Draws, purpose: str, key: Keys) -> Ints:
    """Times in the small hours moved to the morning after."""
    return into_hours(times, _MORNING, 24, draws, purpose, key)


def _festivals(market: Market) -> list[int]:
    return [number(day) for day in read("seasons")["spring_festivals"] if day.year in years(market)]


def _around_festivals(market: Market, points: list[list[float]]) -> Floats:
    """Factor a day from ``[days from day one, factor]`` points, 1 far away from every festival."""
    factor = np.ones(market.days.size)
    for day_one in _festivals(market):
        offsets = [point[0] for point in points]
        near = (market.days >= day_one + offsets[0]) & (market.days <= day_one + offsets[-1])
        curve = np.interp(market.days - day_one, offsets, [point[1] for point in points])
        factor[near] = curve[near]
    return factor


def _sale_shape(days: Ints, first: int, peak: int, last: int) -> Floats:
    """0 outside a sale, 1 on its best day, rising late and falling quickly."""
    before = 0.16 + 0.84 * np.clip((days - first + 1) / (peak - first + 1), 0, 1) ** 3
    after = np.clip(1 - (days - peak) / (last - peak + 1), 0, 1) ** 1.5
    inside = (days >= first) & (days <= last)
    return np.where(inside, np.where(days <= peak, before, after), 0.0)


def _sales(market: Market) -> Iterator[tuple[dict[str, Any], Floats]]:
    for sale in read("seasons")["sales"]:
        for year in years(market):
            edges = [on(year, sale[edge]) for edge in ("first", "peak", "last")]
            yield sale, _sale_shape(market.days, *edges)


def promotion_share(market: Market) -> Floats:
    """How much of a day's orders are bought in a sale, 0 … 1 a day."""
    share = np.full(market.days.size, 0.06)
    for _, shape in _sales(market):
        share = np.maximum(share, np.where(shape > 0, 0.45 + 0.45 * shape, 0.0))
    return share


def demand(market: Market) -> Floats:
    """Factor on the orders of an ordinary day, by shop and day."""
    season = read("seasons")
    week = np.array(season["weekdays"])[weekday(market.days)]
    months = np.array([day_of(n).month - 1 + (day_of(n).day - 15) / 30.5 for n in market.days])
    by_industry: dict[str, Floats] = {}
    for industry, year in season["months"].items():
        ring = [year[-1], *year, year[0]]
        factor = week * np.interp(months, np.arange(-1, 13), ring)
        factor = factor * _around_festivals(market, season["spring_festival"][industry])
        for sale, shape in _sales(market):
            factor = factor * (1 + (sale["factor"][industry] - 1) * shape)
        by_industry[industry] = factor
    return np.stack([by_industry[shop.industry] for shop in market.shops])


def courier_slowness(market: Market) -> Floats:
    """Factor on the way of a parcel by the day it leaves: festivals, and the flood after 11.11."""
    slow = _around_festivals(market, read("seasons")["festival_rest"]["courier"])
    for year in years(market):
        since = market.days - on(year, "11-11")
        flood = np.interp(since, [-1, 1, 5, 9, 14], [1.0, 1.22, 1.26, 1.12, 1.0])
        slow = slow * flood
    return slow


def festival_rest(days: Ints) -> tuple[Flags, Ints]:
    """Whether the warehouses rest on each day, and the day they then promise (NEVER else)."""
    rest = read("seasons")["festival_rest"]
    resting = np.zeros(days.size, dtype=bool)
    promised = np.full(days.size, NEVER)
    for day in read("seasons")["spring_festivals"]:
        day_one = number(day)
        inside = (days >= day_one + rest["rest_from"]) & (days <= day_one + rest["rest_to"])
        resting |= inside
        promised[inside] = day_one + rest["promise_day"]
    return resting, promised


def storms(market: Market, draws: Draws) -> Flags:
    """True on the days a typhoon stops the couriers of the coast."""
    rule = read("seasons")["typhoons"]
    stormy = np.zeros(market.days.size, dtype=bool)
    for year in years(market):
        key = keyed(np.full(rule["per_year"], year), np.arange(rule["per_year"]))
        offsets = (draws.uniform("storm", key) * rule["season_days"]).astype(np.int64)
        for start in on(year, rule["season_first"]) + offsets:
            stormy |= (market.days >= start) & (market.days < start + rule["days"])
    return stormy
