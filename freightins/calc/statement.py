"""What the lines of a statement are for, and how each order compares with what was expected."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

FEE, PAYOUT = "fee", "payout"
MATCHED, DIFFERENT, MISSING, UNKNOWN = "matched", "different", "missing", "unknown"


@dataclass(frozen=True)
class Line:
    """A line: its order, what the file says it is for ("" where it does not), fen with the sign of
    the file, the time it speaks of, and when it was settled.
    """

    order: str
    entry: str
    amount: int
    at: datetime
    settled_at: datetime


@dataclass(frozen=True)
class Owed:
    """What an order should have moved on one side, in fen. ``at`` is None while that is not due."""

    amount: int
    at: datetime | None


@dataclass(frozen=True)
class Compared:
    """One side of one order. ``expected`` or ``stated`` is None where one of the two is silent."""

    side: str
    order: str
    status: str
    expected: int | None
    stated: int | None
    lines: int
    at: datetime


def side_of(line: Line, fee: Owed | None, payout: Owed | None) -> str:
    """What a line is for. What the file says counts, then the sign: money leaves for a fee.

    Without either it is a payout only where the order has a claim and the amount lies nearer to
    what that pays than to the fee.
    """
    if line.entry:
        return line.entry
    if line.amount < 0 or payout is None:
        return FEE
    to_fee = abs(line.amount - (fee.amount if fee else 0))
    return PAYOUT if abs(line.amount - payout.amount) < to_fee else FEE


@dataclass(frozen=True)
class Stated:
    """What the lines of one side of one order add up to, fen, without the sign."""

    amount: int
    lines: int
    at: datetime
    settled_at: datetime


def stated_of(
    lines: Iterable[Line], fees: Mapping[str, Owed], payouts: Mapping[str, Owed]
) -> dict[tuple[str, str], Stated]:
    """The lines added up by side and order. A fee taken and given back adds up to nothing."""
    sums: defaultdict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in lines:
        side = side_of(line, fees.get(line.order), payouts.get(line.order))
        sums[side, line.order].append(line)
    return {
        key: Stated(
            amount=abs(sum(line.amount for line in found)),
            lines=len(found),
            at=max(line.at for line in found),
            settled_at=max(line.settled_at for line in found),
        )
        for key, found in sums.items()
    }


def told_span(
    stated: Mapping[tuple[str, str], Stated], side: str
) -> tuple[datetime, datetime] | None:
    """The first and the last time a statement speaks of on one side; None where it is silent."""
    times = [one.at for (of, _), one in stated.items() if of == side]
    return (min(times), max(times)) if times else None


def compared(
    stated: Mapping[tuple[str, str], Stated],
    fees: Mapping[str, Owed],
    payouts: Mapping[str, Owed],
) -> list[Compared]:
    """Every line against the ledger, and what the statement lacks within the time it speaks of."""
    found: list[Compared] = []
    for side, owed in ((FEE, fees), (PAYOUT, payouts)):
        span = told_span(stated, side)
        if span is None:
            continue
        told = {order: one for (of, order), one in stated.items() if of == side}
        for order, one in told.items():
            due = owed.get(order)
            expected = due.amount if due else None
            found.append(
                Compared(side, order, _status(expected, one.amount), expected, one.amount,
                         one.lines, one.at)
            )  # fmt: skip
        for order, due in owed.items():
            if order not in told and due.at is not None and span[0] <= due.at <= span[1]:
                found.append(Compared(side, order, MISSING, due.amount, None, 0, due.at))
    return found


def _status(expected: int | None, stated: int) -> str:
    if expected is None:
        return UNKNOWN
    return MATCHED if expected == stated else DIFFERENT
