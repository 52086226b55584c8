"""The order lines of one shop that findings are looked for in, as columns.

One discipline for everything unknown: a number that is not known is ``UNKNOWN``, a text that is
not known is empty. Instants are epoch seconds, money is fen.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from shopguard.lib.days import SECONDS_PER_DAY, SHANGHAI_OFFSET_SECONDS

UNKNOWN = -1
NEVER = -2  # the seconds to a first reply that never came

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

NUMBERS = (
    "line", "placed", "quantity", "paid", "promotion", "reply",
    "applied", "refunded", "is_quality", "quality_refunded",
)  # fmt: skip
# For sums: the day from the first of a window on, whether a case's latest reason is quality, fen of
# the way back that the shop paid, fen of goods that came back and cannot be sold again.
FOR_SUMS = ("day", "latest_quality", "carrier", "lost")
TEXTS = ("product", "sku", "spec", "category", "channel", "province", "courier", "reason")


@dataclass(frozen=True)
class Lines:
    """Lines of one shop, one element per line in every column.

    ``numbers`` holds line (its key), placed, quantity, paid (for the whole line), promotion (0 or
    1), reply (seconds to the first reply of the order's earliest consultation), applied and
    refunded of the line's earliest case, is_quality (0 or 1: it has a case for quality) and
    quality_refunded (of the earliest such case), and where the frame has them those of
    :data:`FOR_SUMS`. ``texts`` holds codes into ``labels`` of the same
    name: product, sku, spec, category, channel, province, courier, and reason (of the earliest
    case).
    """

    numbers: Mapping[str, Integers]
    texts: Mapping[str, Integers]
    labels: Mapping[str, NDArray[np.object_]]

    @property
    def count(self) -> int:
        """How many lines there are."""
        return len(self.numbers["placed"])

    @property
    def returned(self) -> Flags:
        """Which lines have a case that counts as a return."""
        return np.asarray(self.numbers["applied"] != UNKNOWN)

    @property
    def days_to_apply(self) -> Integers:
        """Calendar days from placing to applying; UNKNOWN without a case, or for one before it."""
        days = local_days(self.numbers["applied"]) - local_days(self.numbers["placed"])
        return np.where(self.returned & (days >= 0), days, UNKNOWN)


def local_days(instants: Integers) -> Integers:
    """The Shanghai days of instants, counted from 1970-01-01."""
    return (instants + SHANGHAI_OFFSET_SECONDS) // SECONDS_PER_DAY


def lines_by_shop(frame: pd.DataFrame) -> Iterator[tuple[int, Lines]]:
    """The lines of each shop of a frame with the columns of :class:`Lines` and ``shop``.

    Text columns are categories. A shop without lines does not come.
    """
    if frame.empty:
        return
    frame = frame.sort_values("shop", kind="stable")
    wanted = [*NUMBERS, *(name for name in FOR_SUMS if name in frame)]
    numbers = {name: frame[name].to_numpy(np.int64) for name in wanted}
    texts = {name: frame[name].cat.codes.to_numpy().astype(np.int64) for name in TEXTS}
    labels = {name: frame[name].cat.categories.to_numpy(dtype=object) for name in TEXTS}
    shops, starts = np.unique(frame["shop"].to_numpy(), return_index=True)
    ends = [*starts[1:].tolist(), len(frame)]
    for shop, start, end in zip(shops.tolist(), starts.tolist(), ends, strict=True):
        part = slice(start, end)
        yield (
            shop,
            Lines(
                {name: column[part] for name, column in numbers.items()},
                {name: column[part] for name, column in texts.items()},
                labels,
            ),
        )
