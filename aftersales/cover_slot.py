"""Which orders are covered by freight insurance: known to an app above this one.

Lines about the insurance are offered to buyers of covered goods only. Until somebody fills the
slot nothing is known to be covered and no such line is offered.
"""

from collections.abc import Callable, Collection

from stores.models import Shop

IsCovered = Callable[[Shop, Collection[str]], frozenset[str]]

_readers: list[IsCovered] = []


def fill_cover_slot(reader: IsCovered) -> None:
    """Have ``reader`` say which of some orders of a shop are covered."""
    _readers[:] = [reader]


def orders_covered(shop: Shop, order_refs: Collection[str]) -> frozenset[str]:
    """Those of the orders whose return freight is known to be covered."""
    return _readers[0](shop, order_refs) if _readers else frozenset()
