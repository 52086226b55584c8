"""A change beside a number: which way it went, and whether that is news.

Direction and verdict are separate: slower refunds go up and are worse. A change inside the usual
movement from night to night is quiet, so that nobody is alarmed every day by a hundredth.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from shopguard.lib.formats import Number, rounded

# The usual movement of a series: what four nights out of five stay within, over the last four
# weeks; fewer than a week of nights tells nothing.
NIGHTS = 28
NIGHTS_NEEDED = 7
USUAL_SHARE = 0.8


@dataclass(frozen=True)
class Change:
    """The change of a value since the night before.

    ``direction`` is ``up``, ``down`` or ``flat``; ``verdict`` is ``better``, ``worse``, ``quiet``
    (within the usual movement) or ``same`` (equal at the precision shown).
    """

    amount: Decimal
    direction: str
    verdict: str
    previous: Number

    @property
    def size(self) -> Decimal:
        """The amount without its sign."""
        return abs(self.amount)


def usual_movement(series: Sequence[Number | None]) -> float | None:
    """The largest change that is still usual in a series of nights, oldest first.

    Unknown nights are passed over. None when too few nights are known to tell.
    """
    known = [float(value) for value in series[-NIGHTS - 1 :] if value is not None]
    steps = sorted(abs(after - before) for before, after in pairwise(known))
    if len(steps) < NIGHTS_NEEDED:
        return None
    return steps[min(len(steps) - 1, int(len(steps) * USUAL_SHARE))]


def change_between(
    before: Number | None,
    now: Number | None,
    *,
    places: int,
    higher_is_better: bool,
    usual: float | None,
    is_news: bool = False,
) -> Change | None:
    """The change from ``before`` to ``now`` as it is shown with ``places`` decimals.

    ``usual`` is the movement that is no news (None: too little history, so nothing is news);
    ``is_news`` makes any visible change news, for one that crosses a gate. None when either value
    is unknown.
    """
    if before is None or now is None:
        return None
    amount = rounded(now, places) - rounded(before, places)
    if amount == 0:
        return Change(amount, "flat", "same", before)
    direction = "up" if amount > 0 else "down"
    is_loud = is_news or (usual is not None and abs(float(now) - float(before)) > usual)
    if not is_loud:
        return Change(amount, direction, "quiet", before)
    return Change(
        amount, direction, "better" if (amount > 0) == higher_is_better else "worse", before
    )
