"""Which reasons are the seller's quality: rules of the score, which stands above this app.

The score fills this slot when it is ready; whoever asks before gets a RuntimeError.
"""

from collections.abc import Callable
from datetime import date

IsQuality = Callable[[str], bool]

_readers: list[Callable[[date], IsQuality]] = []


def fill_quality_slot(reader: Callable[[date], IsQuality]) -> None:
    """Have ``reader`` say for a day which first reasons count as quality."""
    _readers[:] = [reader]


def quality_on(day: date) -> IsQuality:
    """Whether a reason text, as imported, is quality under the rules of ``day``."""
    if not _readers:
        raise RuntimeError("nobody has said which reasons are quality")
    return _readers[0](day)
