"""The stored daily rows of a window, and how several dates in a row share what was read."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from django.db import connection

from servicescore.calc.windows import Integers
from servicescore.selectors.daily import STORED_COLUMNS, spread_window
from shopguard.lib.days import day_number, number_day
from shopguard.lib.frames import integers_read

FROM_DAYS = "servicescore_dailyrow WHERE shop_id = ANY(%s) AND day BETWEEN %s AND %s"
COLUMNS = ("id", "shop_id", "day - DATE '1970-01-01'", *STORED_COLUMNS)
NAMES = pd.Index(["shop", "day", *STORED_COLUMNS])
ID, SHOP, DAY = range(3)


@dataclass(frozen=True)
class _Read:
    """Rows by :data:`COLUMNS`, and the span of day numbers they were asked for."""

    rows: Integers
    first: int
    last: int


# By the shops and the number of days asked for.
_kept: ContextVar[dict[tuple[tuple[int, ...], int], _Read] | None] = ContextVar(
    "kept_windows", default=None
)


@contextmanager
def windows_kept() -> Iterator[None]:
    """Meanwhile a window that overlaps one read before asks the database for the other days only.

    The rows of the days both have are used again if the database still holds the very same. Takes
    about 170 KB of memory per shop of every industry asked for.
    """
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def stored_window(shop_ids: Sequence[int], last: date, days: int) -> Integers:
    """The stored rows of ``days`` days up to ``last`` as an array of [days, shops, columns].

    Index 0 is ``last``, the columns are :data:`STORED_COLUMNS`; days without a row hold zeros.
    """
    end = day_number(last)
    rows = _rows(tuple(shop_ids), end - days + 1, end)
    frame = pd.DataFrame(rows[:, SHOP:], columns=NAMES, copy=False)
    return spread_window(frame, shop_ids, last, days)


def _rows(shops: tuple[int, ...], first: int, last: int) -> Integers:
    kept = _kept.get()
    if kept is None:
        return _ask(shops, first, last)
    key = (shops, last - first)
    before = kept.get(key)
    old = _still_stored(shops, before, first, last) if before else None
    if before is None or old is None:
        rows = _ask(shops, first, last)
    else:
        rows = np.concatenate([old, _ask(shops, before.last + 1, last)])
    kept[key] = _Read(rows, first, last)
    return rows


def _ask(shops: tuple[int, ...], first: int, last: int) -> Integers:
    return integers_read(COLUMNS, FROM_DAYS, _parameters(shops, first, last), by="shop_id")


def _parameters(shops: tuple[int, ...], first: int, last: int) -> list[list[int] | date]:
    return [list(shops), number_day(first), number_day(last)]


def _still_stored(shops: tuple[int, ...], before: _Read, first: int, last: int) -> Integers | None:
    """The rows read before from ``first`` on, unless the span or the table has moved away.

    A day that is counted again gets a new row with a greater id, so the number of rows and the sum
    of their ids cannot both stay as they were.
    """
    if not before.first <= first <= before.last <= last:
        return None
    rows = before.rows[before.rows[:, DAY] >= first]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*), coalesce(sum(id), 0) FROM {FROM_DAYS}",
            _parameters(shops, first, before.last),
        )
        there = cursor.fetchone()
    return rows if there == (len(rows), int(rows[:, ID].sum())) else None
