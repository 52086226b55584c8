"""What the shops sell: about ten products each, one of which disappoints more than the others."""

from dataclasses import dataclass

import numpy as np

from shopguard.demo.draws import Draws, Floats, Ints, keyed
from shopguard.demo.market import TRADE_MODES, Market, Shop, read

MOST = 11  # products a shop has at most
_FEWEST = 8
_WEAK_PRODUCT = 2.6  # how much oftener the weak product comes back for its quality
_OFF_SHELF_SHARE = 0.06


@dataclass(frozen=True)
class Product:
    """One product. ``price`` is integer fen."""

    id: str
    title: str
    category: str
    price: int
    weight: float
    mode: int
    made_to_order: bool
    virtual: bool
    on_shelf: bool


@dataclass(frozen=True)
class Catalogue:
    """Products by shop, and the same as arrays of shape (shops, MOST) for drawing.

    ``popularity`` is 0 where a shop has fewer products; ``weakness`` has mean 1 over its orders.
    """

    products: tuple[tuple[Product, ...], ...]
    popularity: Floats
    weakness: Floats
    price: Ints
    mode: Ints
    made_to_order: Ints

    def options(self, shop: Shop) -> list[list[str]]:
        """The specifications a buyer chooses from, one of each list."""
        lists: list[list[str]] = read("products")[shop.line]["options"]
        return lists


def _price(low: int, high: int, part: float) -> int:
    """A price of the usual look in fen: it ends on a nine."""
    yuan = low + (high - low) * part
    return int(yuan // 10 * 10 + 9) * 100


def _products_of(shop: Shop, draws: Draws) -> tuple[Product, ...]:
    line = read("products")[shop.line]
    names, before = line["names"], line["before"]
    key = keyed(np.full(len(names), shop.number), np.arange(len(names)))
    order = np.argsort(draws.uniform("product/order", key))
    how_many = min(len(names), _FEWEST + shop.number % (MOST - _FEWEST + 1))
    part, first = draws.uniform("product/price", key), draws.uniform("product/before", key)
    shelf = draws.uniform("product/shelf", key)
    modes = np.array([shop.modes.get(mode, 0.0) for mode in TRADE_MODES])
    ranks = (np.arange(how_many) + 0.5) / how_many
    mode_of_rank = np.searchsorted(np.cumsum(modes / modes.sum()), ranks, side="right")
    result = []
    for rank, place in enumerate(order[:how_many]):
        name, category, low, high, weight = names[place]
        result.append(
            Product(
                id=f"{shop.number:04d}{rank + 1:03d}",
                title=before[int(first[place] * len(before))] + name,
                category=category,
                price=_price(low, high, float(part[place])),
                weight=weight,
                mode=int(
                    mode_of_rank[(rank * 3 + 1) % how_many] if how_many % 3 else mode_of_rank[rank]
                ),
                made_to_order=rank / how_many < shop.made_to_order,
                virtual=shop.industry == "local_life",
                on_shelf=bool(shelf[place] >= _OFF_SHELF_SHARE) or rank == 0,
            )
        )
    return tuple(result)


def build(market: Market, draws: Draws) -> Catalogue:
    """The catalogue of every shop; it does not depend on the days covered."""
    products = tuple(_products_of(shop, draws) for shop in market.shops)
    shape = (len(products), MOST)
    popularity, weakness = np.zeros(shape), np.ones(shape)
    price, mode, made = (np.zeros(shape, dtype=np.int64) for _ in range(3))
    for row, owned in enumerate(products):
        many = len(owned)
        popularity[row, :many] = 1.0 / (np.arange(many) + 1.6)
        price[row, :many] = [product.price for product in owned]
        mode[row, :many] = [product.mode for product in owned]
        made[row, :many] = [product.made_to_order for product in owned]
        weakness[row, market.shops[row].number % 4 + 1] = _WEAK_PRODUCT
    popularity /= popularity.sum(axis=1, keepdims=True)
    weakness /= (weakness * popularity).sum(axis=1, keepdims=True)
    return Catalogue(products, popularity, weakness, price, mode, made)
