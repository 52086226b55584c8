"""Days of selling added up for pages: by product, by category and for the whole shop."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date

from django.db.models import Max, Sum

from freightins.calc.promotion import DayCounts
from freightins.calc.sums import ProductSums, Sums
from freightins.calc.worth import Said
from freightins.models import Costs, SaleDay
from stores.models import Product, Shop, Traffic

NAMES = [field.name for field in fields(Sums)]
NOTHING = Sums()


@dataclass(frozen=True)
class Goods:
    """A product's name and category; the id stands in for an unknown name."""

    title: str
    category: str


@dataclass(frozen=True)
class ShopSums:
    """What the days add up to: by product, and the whole shop with every order once."""

    products: list[ProductSums]
    goods: Mapping[str, Goods]
    whole: ProductSums
    counted_to: date | None


def shop_sums(*, shop: Shop, first: date, last: date) -> ShopSums:
    """The sums from ``first`` to ``last``; ``counted_to`` is the newest day counted at all."""
    sums = _sums(shop, first, last)
    found = goods_of(shop=shop, keys=list(sums))
    products = [
        _product(key, found[key].category, sides) for key, sides in sorted(sums.items()) if key
    ]
    newest = SaleDay.objects.for_shop(shop).aggregate(last=Max("day"))["last"]
    return ShopSums(products, found, _product("", "", sums.get("", {})), newest)


def whole_sums(*, shop: Shop, first: date, last: date) -> ProductSums:
    """The sums of the whole shop alone."""
    return _product("", "", _sums(shop, first, last, product_ref="").get("", {}))


def goods_of(*, shop: Shop, keys: Sequence[str]) -> dict[str, Goods]:
    """Names and categories of products; one not imported goes by its id."""
    rows = Product.objects.for_shop(shop).filter(external_id__in=keys)
    known = {
        key: Goods(title or key, category)
        for key, title, category in rows.values_list("external_id", "title", "category")
    }
    return {key: known.get(key, Goods(key, "")) for key in keys}


def _sums(shop: Shop, first: date, last: date, **only: str) -> dict[str, dict[str, Sums]]:
    rows = SaleDay.objects.for_shop(shop).filter(day__range=(first, last), **only).order_by()
    found: defaultdict[str, dict[str, Sums]] = defaultdict(dict)
    for key, cover, *sums in rows.values_list("product_ref", "cover").annotate(*map(Sum, NAMES)):
        found[key][cover] = Sums(*map(int, sums))
    return found


def _product(key: str, category: str, sides: Mapping[str, Sums]) -> ProductSums:
    on, off, other = (sides.get(side, NOTHING) for side in SaleDay.Cover.values)
    return ProductSums(key, category, on, off, other)


def costs_newest(*, shop: Shop) -> Costs | None:
    """What the merchant said last."""
    return Costs.objects.for_shop(shop).order_by("-entered_at", "-pk").first()


def said_of(costs: Costs | None) -> Said | None:
    """The same as calculations read it."""
    if costs is None:
        return None
    return Said(costs.margin / Costs.WHOLE, costs.return_cost, costs.dispute_cost)


def visitors_of(
    *, shop: Shop, products: Sequence[ProductSums], first: date, last: date
) -> dict[str, tuple[int, int]]:
    """Visitors of products that were covered, or not, on every order of the days; empty without
    traffic data. Products on both sides say nothing: nobody knows whom visitors saw covered.
    """
    rows = Traffic.objects.for_shop(shop).filter(day__range=(first, last)).order_by()
    seen = dict(rows.values_list("product_ref").annotate(n=Sum("visitors")))
    found = {}
    for one in products:
        visitors = seen.get(one.product) or 0
        if visitors and bool(one.on.orders) != bool(one.off.orders):
            found[one.product] = (visitors, 0) if one.on.orders else (0, visitors)
    return found


def days_counted(*, shop: Shop, first: date, last: date) -> dict[date, DayCounts]:
    """Orders, returns and promotion orders of the shop by day."""
    rows = SaleDay.objects.for_shop(shop).filter(product_ref="", day__range=(first, last))
    sums = rows.order_by().values_list("day").annotate(
        Sum("orders"), Sum("returns"), Sum("promotions")
    )  # fmt: skip
    return {day: DayCounts(*counts) for day, *counts in sums}
