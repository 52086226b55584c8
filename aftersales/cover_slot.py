"""Which orders are covered by freight insurance: known to an app above this one.

Lines about the insurance are offered to buyers of covered goods only, and the page of a case says
whether its order is covered. Until somebody fills the slot nothing is known to be covered.
"""

from collections.abc import Callable
from dataclasses import dataclass

from stores.models import Shop


@dataclass(frozen=True)
class CoverTold:
    """What is known of the cover of an order, in the active language.

    ``detail`` says until when, or why not; ``claim`` where its claim stands, empty without one;
    ``page`` is the address where claims are listed.
    """

    is_covered: bool
    word: str
    detail: str
    claim: str
    page: str


Reader = Callable[[Shop, str], CoverTold | None]
_readers: list[Reader] = []


def fill_cover_slot(told: Reader) -> None:
    """Have ``told`` answer from now on what is known of the cover of an order (None: nothing)."""
    _readers[:] = [told]


def cover_told(shop: Shop, order_ref: str) -> CoverTold | None:
    """What is known of the cover of an order; None where nothing is."""
    return _readers[0](shop, order_ref) if _readers else None
