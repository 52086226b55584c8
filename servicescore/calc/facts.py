"""The facts of some days of some shops, as frames of integers and short codes.

One discipline for everything unknown: an instant or a duration that is not known is ``UNKNOWN``,
a text that is not known is empty. Instants are epoch seconds, days are days since 1970-01-01 in
Shanghai, flags are 0 or 1. Every frame carries ``shop`` and ``day``, the day the row is anchored
to, so that a metric never has to look for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

UNKNOWN = -1


@dataclass(frozen=True)
class Facts:
    """Frames of facts, each anchored to its days.

    ==============  ==================  =====================================================
    frame           anchored to         columns beside ``id``, ``shop`` and ``day``
    ==============  ==================  =====================================================
    signed          signing             signed, paid, placed, collected, cod, mode
    due             ship deadline       deadline, paid, cod, shipped, collected, cancelled,
                                        logistics
    reviews         order's signing     order, rating
    cases           order's signing     order, kind, outcome, reason
    complaints      order's signing     order, outcome
    closed          closing             kind, outcome, applied, closed, waiting
    consultations   start               started, started_by, queue, first_reply, longest_gap
    ==============  ==================  =====================================================

    ``order`` is the ``id`` of the order. ``excluded`` maps (kind of record, metric) to the ids
    of the records that an exclusion in force keeps out of that metric.
    """

    signed: pd.DataFrame
    due: pd.DataFrame
    reviews: pd.DataFrame
    cases: pd.DataFrame
    complaints: pd.DataFrame
    closed: pd.DataFrame
    consultations: pd.DataFrame
    excluded: Mapping[tuple[str, str], frozenset[int]] = field(default_factory=dict)

    def excluded_rows(self, ids: pd.Series, kind: str, metric: str) -> pd.Series:
        """Whether each record of ``kind`` is kept out of ``metric``; bools on the given index."""
        return ids.isin(self.excluded.get((kind, metric), frozenset()))


def was_paid(frame: pd.DataFrame) -> pd.Series:
    """Whether each order counts as paid: it was, or it is cash on delivery."""
    return (frame["paid"] != UNKNOWN) | (frame["cod"] == 1)


def is_due(due: pd.DataFrame) -> pd.Series:
    """Whether each order with a deadline had to be sent by it: paid, express, not cancelled first.

    An order cancelled unshipped at or before its deadline need not be sent any more.
    """
    unshipped = (due["shipped"] == UNKNOWN) | (due["shipped"] > due["cancelled"])
    cancelled_in_time = (due["cancelled"] != UNKNOWN) & (due["cancelled"] <= due["deadline"])
    return was_paid(due) & (due["logistics"] == "express") & ~(cancelled_in_time & unshipped)


def daily_sums(
    rows: pd.DataFrame, num: pd.Series, den: pd.Series, excl: pd.Series, by: tuple[str, ...] = ()
) -> pd.DataFrame:
    """Sum numerator, denominator and excluded count per shop, day and ``by``.

    The three series share the index of ``rows``; bools count as 0 and 1. Returns int64 columns
    num, den, excl beside the keys; a combination without rows is absent.
    """
    keys = ["shop", "day", *by]
    parts = rows[keys].assign(
        num=num.astype("int64"), den=den.astype("int64"), excl=excl.astype("int64")
    )
    return parts.groupby(keys, as_index=False, observed=True, sort=False).sum()
