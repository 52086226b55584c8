"""What may still change before a quote is computed: orders that come back, and the total."""

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import accumulate


def expected_more(
    waiting: Mapping[int, int], lags: Mapping[int, int], *, share: float, ahead: int
) -> float:
    """Returns expected within ``ahead`` days.

    ``waiting`` counts the orders not back by how many days ago they were bought, ``lags`` the
    returns seen by how many days after buying they came, ``share`` is the part of all orders that
    come back in the end. An order that was not back after a days comes back within the next h with
    the chance share · (F(a + h) - F(a)) / (1 - share · F(a)), F being the part of lags up to a.
    """
    total = sum(lags.values())
    if not total or not waiting:
        return 0.0
    far = max(*waiting, *lags) + ahead
    seen = list(accumulate(lags.get(day, 0) / total for day in range(far + 1)))
    return sum(
        orders * share * (seen[day - 1 + ahead] - _at(seen, day - 1))
        / (1 - share * _at(seen, day - 1))
        for day, orders in waiting.items()
        if share * _at(seen, day - 1) < 1
    )  # fmt: skip


def _at(seen: list[float], day: int) -> float:
    """The part of returns that come up to a day; none before the first."""
    return seen[day] if day >= 0 else 0.0


def reached(
    totals: Mapping[date, float], *, ahead: int, share: float, least: int
) -> tuple[float, float] | None:
    """From where to where the newest total may have moved within ``ahead`` days.

    ``totals`` are those of late by date. Of all moves over so many days the ``share`` at either end
    are left out. None where fewer than ``least`` moves were seen.
    """
    span = timedelta(days=ahead)
    moves = sorted(
        totals[day + span] - total for day, total in totals.items() if day + span in totals
    )
    if len(moves) < least:
        return None
    newest, cut = totals[max(totals)], int(len(moves) * share)
    return newest + moves[cut], newest + moves[-1 - cut]
