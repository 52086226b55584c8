"""The latest moment an order must be shipped.

The promised time if the record has one; else, for a presale with a fixed date, the end of that
day; for a presale of N days, paid + N days; else paid + the hours of the trade mode. Cash on
delivery counts from the moment the order was placed. The rule set in force on the day it counts
from applies; an order that is not paid and has no promise or date has no deadline. A presale
whose date or number of days is unknown has none either: nothing is guessed.
"""

from collections.abc import Mapping
from datetime import time

import numpy as np
from numpy.typing import NDArray

from shopguard.lib.days import (
    SECONDS_PER_DAY,
    SECONDS_PER_HOUR,
    SHANGHAI_OFFSET_SECONDS,
    day_number,
)
from shopguard.lib.rulesets import RuleBook, RuleSet
from stores.calc.cells import MISSING, Values, days_of, known


def ship_deadlines(book: RuleBook, orders: Mapping[str, Values]) -> Values:
    """Epoch seconds of each order's deadline, MISSING where there is none.

    ``orders`` holds the columns placed_at, paid_at, promised_ship_at (epoch seconds), is_cod (0/1),
    presale_ship_by (day number), presale_days, presale_mode and trade_mode, all of one length.
    """
    start = np.where(orders["is_cod"] == 1, orders["placed_at"], orders["paid_at"])
    day = days_of(np.where(known(start), start, orders["placed_at"]))
    deadline = np.full(len(start), MISSING, dtype=np.int64)
    for rules in book.sets:
        here = _in_force(rules, day)
        if here.any():
            part = {name: values[here] for name, values in orders.items()}
            deadline[here] = _under(rules, part, start[here])
    return deadline


def _in_force(rules: RuleSet, day: Values) -> NDArray[np.bool_]:
    if rules.visible_to == "preview":
        return np.zeros(len(day), dtype=np.bool_)
    here = known(day)
    if rules.effective_on is not None:
        here &= day >= day_number(rules.effective_on)
    if rules.ends_on is not None:
        here &= day <= day_number(rules.ends_on)
    return here


def _under(rules: RuleSet, orders: Mapping[str, Values], start: Values) -> Values:
    hours = rules.group("ordinary")
    seconds = np.fromiter(
        (hours[mode] * SECONDS_PER_HOUR for mode in orders["trade_mode"]), np.int64, len(start)
    )
    ordinary = _after(start, seconds)
    until = time.fromisoformat(rules["presale.fixed_until"])
    clock = (
        until.hour * SECONDS_PER_HOUR + until.minute * 60 + until.second - SHANGHAI_OFFSET_SECONDS
    )
    date = orders["presale_ship_by"]
    fixed = np.where(known(date), date * SECONDS_PER_DAY + clock, MISSING)
    count = orders["presale_days"]
    wait = count * (rules["presale.hours_per_day"] * SECONDS_PER_HOUR)
    relative = np.where(known(count), _after(start, wait), MISSING)
    mode, promised = orders["presale_mode"], orders["promised_ship_at"]
    own = np.select([mode == "fixed", mode == "relative"], [fixed, relative], ordinary)
    return np.where(known(promised), promised, own)


def _after(start: Values, seconds: Values) -> Values:
    return np.where(known(start), start + seconds, MISSING)
