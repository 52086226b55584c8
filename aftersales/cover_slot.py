"""Which orders are covered by freight insurance: known to an app above this one.

Lines about the insurance are offered to buyers of covered goods only, and the page of a case says
whether its order is covered. Until somebody fills the slot nothing is known to be covered.
"""

from collections.abc import Callable, Collection
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


@dataclass(frozen=True)
class CoverSlot:
    """Who knows which of some orders are covered, and what is known of one (None: nothing)."""

    covered: Callable[[Shop, Collection[str]], frozenset[str]]
    told: Callable[[Shop, str], CoverTold | None]


_slots: list[CoverSlot] = []


def fill_cover_slot(slot: CoverSlot) -> None:
    """Have ``slot`` answer from now on."""
    _slots[:] = [slot]


def orders_covered(shop: Shop, order_refs: Collection[str]) -> frozenset[str]:
    """Those of the orders whose return freight is known to be covered."""
    return _slots[0].covered(shop, order_refs) if _slots else frozenset()


def cover_told(shop: Shop, order_ref: str) -> CoverTold | None:
    """What is known of the cover of an order; None where nothing is."""
    return _slots[0].told(shop, order_ref) if _slots else None
