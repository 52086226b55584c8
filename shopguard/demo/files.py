"""The canonical files: columns as the importers read them, nothing that lies after the last day.

What has not happened by the end of yesterday is unknown, whatever the plan of the market says: a
parcel on its way has no signing time, a case in work is open.
"""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from shopguard.demo import calendar
from shopguard.demo.calendar import DAY, NEVER
from shopguard.demo.draws import Flags, Ints

Column = Sequence[str]
_MINUTE = 60


class Clock:
    """Writes times and days as text and knows which of them have come.

    ``end`` is the first second that has not come. Texts of days and of the minutes of a day are
    made once, because there are a million times to write.
    """

    def __init__(self, first_day: int, last_day: int, end: int) -> None:
        self.end = end
        self._first = first_day
        self._days = [calendar.day_of(n).isoformat() for n in range(first_day, last_day + 1)]
        minutes = range(DAY // _MINUTE)
        self._minutes = [f" {m // 60:02d}:{m % 60:02d}:" for m in minutes]
        self._seconds = [f"{second:02d}" for second in range(_MINUTE)]

    def come(self, times: Ints) -> Flags:
        """Whether a time is known and not after the end."""
        come: Flags = (times != NEVER) & (times < self.end)
        return come

    def past(self, times: Ints) -> Column:
        """Times that have come; an empty cell for the others."""
        return self.planned(np.where(self.come(times), times, NEVER))

    def planned(self, times: Ints) -> Column:
        """All times, those ahead too (deadlines and promises)."""
        days, minutes, seconds, first = self._days, self._minutes, self._seconds, self._first
        day, minute, second = times // DAY, times % DAY // _MINUTE, times % _MINUTE
        return [
            "" if t < 0 else days[d - first] + minutes[m] + seconds[s]
            for t, d, m, s in zip(
                times.tolist(), day.tolist(), minute.tolist(), second.tolist(), strict=True
            )
        ]

    def days(self, numbers: Ints) -> Column:
        """Days as ``YYYY-MM-DD``."""
        return ["" if n < 0 else self._days[n - self._first] for n in numbers.tolist()]


def yuan(fen: Ints) -> Column:
    """Amounts in yuan with two decimals; an empty cell below zero."""
    return ["" if f < 0 else f"{f // 100}.{f % 100:02d}" for f in fen.tolist()]


def flags(values: Flags) -> Column:
    """``yes`` and ``no``."""
    return ["yes" if value else "no" for value in values.tolist()]


def codes(values: Ints, names: Sequence[str]) -> Column:
    """Names by index, an empty cell below zero."""
    return ["" if value < 0 else names[value] for value in values.tolist()]


def numbers(values: Ints) -> Column:
    """Whole numbers, an empty cell below zero."""
    return ["" if value < 0 else str(value) for value in values.tolist()]


def pick(texts: Sequence[str], places: Ints) -> Column:
    """Texts at the places, an empty cell below zero."""
    return ["" if place < 0 else texts[place] for place in places.tolist()]


def write(path: Path, columns: dict[str, Column]) -> int:
    """Write one file and return its number of rows."""
    rows: Iterable[tuple[str, ...]] = zip(*columns.values(), strict=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
    return len(next(iter(columns.values())))
