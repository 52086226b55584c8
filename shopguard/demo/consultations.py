"""What buyers ask, and how soon somebody answers."""

from dataclasses import dataclass

import numpy as np

from shopguard.demo import calendar
from shopguard.demo.calendar import DAY, HOUR
from shopguard.demo.draws import Draws, Flags, Floats, Ints, Keys, keyed
from shopguard.demo.levels import Levels
from shopguard.demo.market import Market, read
from shopguard.demo.orders import Orders

PROMPT_SECONDS = 180  # what shops aim at; the levels are shares of answers below it
UNKNOWN = -1


@dataclass
class Consultations:
    """Consultations as columns. Seconds and ratings are UNKNOWN where there are none.

    ``order`` is the place of the order asked about, UNKNOWN for none; ``agent`` counts from 0.
    """

    shop: Ints
    day: Ints
    sequence: Ints
    started: Ints
    by_shop: Flags
    agent: Ints
    queue: Ints
    first_reply: Ints
    longest_gap: Ints
    rating: Ints
    ended: Ints
    order: Ints
    topic: Ints
    last_by_buyer: Flags
    key: Keys


def agents(size: float) -> int:
    """How many people answer in a shop of so many orders a day."""
    for limit, many in read("voices")["consultations"]["agents"]:
        if size <= limit:
            return int(many)
    return 1


def _odds(share: Floats, factor: Floats) -> Floats:
    odds = share / (1.0 - share) * factor
    return np.asarray(odds / (1.0 + odds), dtype=np.float64)


def _rota(started: Ints, rule: dict[str, list[int]]) -> tuple[Flags, Flags]:
    """Whether it is evening, and whether it is night."""
    hour = calendar.time_of_day(started) // HOUR
    first, last = rule["evening_hours"]
    return (hour >= first) & (hour < last), (hour >= last) | (hour < 9)


def _prompt(
    market: Market,
    levels: Levels,
    waiting: Floats,
    draws: Draws,
    shop: Ints,
    day: Ints,
    started: Ints,
    agent: Ints,
    key: Keys,
) -> Flags:
    """Which are answered within three minutes: the level, by agent, hour, weekend and backlog."""
    rule = read("voices")["consultations"]
    evening, night = _rota(started, rule)
    person = keyed(market.numbers[shop], agent)
    factor = draws.skewed("agent", person, rule["agent_spread"])
    # Evenings are about three answers in ten: the rest of the day is better by what they lack.
    factor = factor * np.where(evening, rule["evening_odds"], 1.3)
    factor = factor * np.where(night, rule["night_odds"], 1.0)
    weekend = calendar.weekday(market.days[day]) >= 5
    factor = factor * np.where(weekend, rule["weekend_odds"], 1.08)
    factor = factor * rule["backlog_odds"] ** waiting[shop, day]
    level = np.minimum(levels.of("reply_3min_rate")[shop, day], 0.995)
    return draws.chance("consultation/prompt", key, _odds(level, factor))


def _leave(prompt: Flags, market: Market, shop: Ints, started: Ints, by_buyer: Flags) -> None:
    """Let the newest share of what is assessed in some days be late, and the rest in time."""
    hour = calendar.time_of_day(started) // HOUR
    back = started // DAY - calendar.number(market.today)
    for row in read("characters")["away"]:
        inside = by_buyer & (hour >= 9) & (hour < 23)
        inside &= (back >= row["first"]) & (back <= row["last"])
        for place in market.where(row["role"]):
            found = np.flatnonzero(inside & (shop == place))
            found = found[np.argsort(started[found], kind="stable")]
            prompt[found] = np.arange(found.size) < round((1 - row["share"]) * found.size)


def _seconds(prompt: Flags, key: Keys, draws: Draws) -> tuple[Ints, Ints]:
    """Seconds to the first human answer (UNKNOWN for never) and the longest gap after it."""
    rule = read("voices")["consultations"]
    quick = 6 + 150 * draws.uniform("consultation/quick", key) ** 2.2
    slow = PROMPT_SECONDS + 25 + 420 * (draws.skewed("consultation/slow", key, 1.1))
    how = draws.uniform("consultation/how", key)
    never = ~prompt & (how < rule["never_share"])
    gap = ~prompt & (how > 1 - rule["gap_share"])
    first = np.where(prompt | gap, quick, slow).astype(np.int64)
    longest = np.where(gap, slow, np.minimum(quick * 1.1 + 8, PROMPT_SECONDS - 2)).astype(np.int64)
    return np.where(never, UNKNOWN, first), np.where(never, UNKNOWN, longest)


def _orders_meant(
    orders: Orders, market: Market, draws: Draws, shop: Ints, started: Ints, key: Keys
) -> Ints:
    """A recent order of the shop for those who ask about one."""
    begins = np.searchsorted(orders.shop, np.arange(len(market.shops)))
    latest = (
        np.searchsorted(
            orders.day + orders.shop * market.days.size,
            started // DAY - market.days[0] + shop * market.days.size,
        )
        - 1
    )
    back = (-np.log1p(-draws.uniform("consultation/back", key)) * 6).astype(np.int64)
    meant = latest - back
    linked = draws.chance(
        "consultation/linked", key, read("voices")["consultations"]["linked_share"]
    )
    return np.where(linked & (meant >= begins[shop]), meant, UNKNOWN)


def _ratings(prompt: Flags, key: Keys, draws: Draws) -> Ints:
    rule = read("voices")["consultations"]
    happy = np.array([0.01, 0.01, 0.04, 0.14, 0.80])
    cross = np.array([0.16, 0.12, 0.22, 0.22, 0.28])
    stars = 1 + np.where(
        prompt,
        draws.pick("consultation/happy", key, happy),
        draws.pick("consultation/cross", key, cross),
    )
    return np.where(draws.chance("consultation/rated", key, rule["rated_share"]), stars, UNKNOWN)


def ask(
    orders: Orders, market: Market, levels: Levels, rate: Floats, waiting: Floats, draws: Draws
) -> Consultations:
    """Every consultation of the covered days, in order of shop and day."""
    rule, season = read("voices")["consultations"], read("seasons")
    cells = keyed(market.numbers[:, None], market.days[None, :])
    per_order = market.of_industry(rule["per_order"])[:, None]
    counts = draws.counts(
        "consultations", cells, rate * per_order * draws.skewed("consultations/day", cells, 0.2)
    )
    shop, day = (
        np.repeat(index, counts.ravel()) for index in map(np.ravel, np.indices(counts.shape))
    )
    begins = np.cumsum(counts.ravel()) - counts.ravel()
    sequence = np.arange(shop.size) - np.repeat(begins, counts.ravel())
    key = keyed(market.numbers[shop], market.days[day], sequence, np.array([1]))
    started = market.days[day] * DAY + calendar.hour_seconds(
        draws, "consultation", key, season["consultation_hours"]
    )
    people = np.array([agents(line.size) for line in market.shops])[shop]
    agent = (draws.uniform("consultation/agent", key) ** 1.3 * people).astype(np.int64)
    prompt = _prompt(market, levels, waiting, draws, shop, day, started, agent, key)
    by_shop = draws.chance("consultation/by", key, rule["shop_started_share"])
    _leave(prompt, market, shop, started, ~by_shop)
    first, longest = _seconds(prompt, key, draws)
    queue = (draws.uniform("consultation/queue", key) ** 3 * 40).astype(np.int64)
    talk = np.maximum(first, 0) + np.maximum(longest, 0) + 60
    talk = talk + (600 * draws.skewed("consultation/talk", key, 0.8)).astype(np.int64)
    never = first == UNKNOWN
    weights = np.array(list(rule["topics"].values()))
    return Consultations(
        shop=shop,
        day=day,
        sequence=sequence,
        started=started,
        by_shop=by_shop,
        agent=agent,
        queue=queue,
        first_reply=first,
        longest_gap=longest,
        rating=np.where(never, UNKNOWN, _ratings(prompt, key, draws)),
        ended=started + queue + talk,
        order=_orders_meant(orders, market, draws, shop, started, key),
        topic=draws.pick("consultation/topic", key, weights),
        last_by_buyer=never | draws.chance("consultation/last", key, 0.32),
        key=key,
    )
