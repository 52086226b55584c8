"""What buyers write after they have the goods."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shopguard.demo import calendar
from shopguard.demo.aftersales import Cases
from shopguard.demo.calendar import DAY, HOUR, NEVER
from shopguard.demo.draws import Draws, Flags, Floats, Ints, Keys, keyed
from shopguard.demo.levels import Levels
from shopguard.demo.market import Market, read
from shopguard.demo.orders import Orders
from shopguard.demo.parcels import Parcels

_BEST = 5
_SOONEST = 0.15  # days from the door to the first words


@dataclass
class Reviews:
    """Reviews as columns; ``order`` is the place of the order. Times as in the orders."""

    order: Ints
    rating: Ints
    created: Ints
    replied: Ints
    key: Keys


def _shares(market: Market, draws: Draws) -> Floats:
    low, high = read("voices")["reviews"]["share"]
    return np.asarray(low + (high - low) * draws.uniform("review/habit", keyed(market.numbers)))


def _ratings(
    orders: Orders, order: Ints, parcels: Parcels, cases: Cases, levels: Levels, draws: Draws
) -> Ints:
    """1 … 5 stars around the shop's level; worse after a late parcel or a fault."""
    rule = read("voices")["reviews"]
    steps = np.array(rule["steps"])
    missing = float((steps * (np.arange(steps.size) + 1)).sum())
    level = levels.of("product_rating")[orders.shop[order], orders.day[order]]
    below = (_BEST - level) / missing
    faulty = np.zeros(orders.size, dtype=bool)
    faulty[cases.order] = True
    worse = np.where(parcels.late[order], rule["late_parcel"], 1.0)
    worse = worse * np.where(faulty[order], rule["quality_case"] / 3, 0.94)
    unhappy = draws.chance("review/below", orders.key[order], np.minimum(below * worse, 0.9))
    step = 1 + draws.pick("review/step", orders.key[order], steps)
    return np.where(unhappy, _BEST - step, _BEST)


def _replies(rating: Ints, created: Ints, key: Keys, draws: Draws) -> Ints:
    rule = read("voices")["reviews"]
    share = np.where(rating == _BEST, rule["reply_share"]["good"], rule["reply_share"]["bad"])
    hours = rule["reply_hours"]
    delay = hours["mean"] * draws.skewed("review/reply", key, hours["spread"]) * HOUR
    return np.where(
        draws.chance("review/replied", key, share), created + delay.astype(np.int64), NEVER
    )


def write(
    orders: Orders, parcels: Parcels, cases: Cases, market: Market, levels: Levels, draws: Draws
) -> Reviews:
    """A review of every third signed order or so."""
    rule = read("voices")["reviews"]["days"]
    share = _shares(market, draws)[orders.shop]
    order = np.flatnonzero((parcels.signed != NEVER) & draws.chance("review", orders.key, share))
    key = orders.key[order]
    days = _SOONEST + rule["mean"] * draws.skewed("review/days", key, rule["spread"])
    created = parcels.signed[order] + (np.minimum(days, 25.0) * DAY).astype(np.int64)
    created = calendar.awake(created, draws, "review/morning", key)
    rating = _ratings(orders, order, parcels, cases, levels, draws)
    return Reviews(order, rating, created, _replies(rating, created, key, draws), key)


def _tone(rating: int) -> str:
    return "good" if rating >= _BEST else "fine" if rating >= _BEST - 2 else "bad"


def texts(reviews: Reviews, industries: Sequence[str], silent: Flags, draws: Draws) -> list[str]:
    """The words of each review, some on several lines, some good ones without any."""
    words = read("texts")["reviews"]
    parts = [draws.uniform(f"review/words/{slot}", reviews.key).tolist() for slot in range(5)]
    breaks = draws.chance(
        "review/break", reviews.key, read("voices")["reviews"]["break_share"]
    ).tolist()
    result = []
    for place, rating in enumerate(reviews.rating.tolist()):
        tone = _tone(rating)
        if tone == "good" and silent[place]:
            result.append("")
            continue
        said = _sentences(words, tone, industries[place], [part[place] for part in parts])
        result.append("\n".join(said) if breaks[place] else "，".join(said) + "。")
    return result


def _sentences(
    words: dict[str, dict[str, list[str]]], tone: str, industry: str, at: list[float]
) -> list[str]:
    """An opening, one or two things about the goods, and sometimes a last word."""
    aspects: list[str] = words["aspects"][industry][tone]  # type: ignore[call-overload]
    first = int(at[1] * len(aspects))
    said = [words[tone]["open"][int(at[0] * len(words[tone]["open"]))], aspects[first]]
    if at[3] < 0.35:
        said.append(aspects[(first + 1 + int(at[2] * (len(aspects) - 1))) % len(aspects)])
    if at[4] < 0.6:
        closing = words[tone]["close"]
        said.append(closing[int(at[4] / 0.6 * len(closing))])
    return said
