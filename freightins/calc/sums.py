"""What days of selling add up to."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass


@dataclass(frozen=True)
class Sums:
    """Orders with what came of them; money is fen. ``priced`` orders have a known value."""

    orders: int = 0
    returns: int = 0
    promotions: int = 0
    promoted_returns: int = 0
    items: int = 0
    priced: int = 0
    fen: int = 0
    silent: int = 0
    reviews: int = 0
    bad_reviews: int = 0
    disputes: int = 0
    known_returners: int = 0
    came_again: int = 0
    claims: int = 0
    fees: int = 0
    payouts: int = 0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))

    @property
    def return_rate(self) -> float | None:
        """The share that came back, None without orders."""
        return self.returns / self.orders if self.orders else None

    @property
    def order_value(self) -> float | None:
        """Mean value of an order in fen, None where no value is known."""
        return self.fen / self.priced if self.priced else None

    @property
    def items_an_order(self) -> float | None:
        """Mean pieces of an order."""
        return self.items / self.orders if self.orders else None


def added(parts: Iterable[Sums]) -> Sums:
    """The sum of some sums."""
    return sum(parts, Sums())


@dataclass(frozen=True)
class ProductSums:
    """One product's covered and uncovered orders, and those without a verdict."""

    product: str
    category: str
    on: Sums
    off: Sums
    other: Sums

    @property
    def whole(self) -> Sums:
        """All of it."""
        return self.on + self.off + self.other
