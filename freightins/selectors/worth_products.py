"""Worth product by product: a table that can be narrowed, ordered and taken along as a file."""

from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict
from django.utils.translation import gettext as _

from freightins.calc.sums import ProductSums, Sums
from freightins.calc.worth import break_even
from freightins.rules import worth_rules_on
from freightins.selectors.worth_sums import costs_newest, said_of, shop_sums
from shopguard.lib.days import shanghai_day
from shopguard.lib.exports import Column
from stores.models import Shop

SIZE = 50
FEN = 100
SORTS = ("fees", "payouts", "need", "returns", "orders")


@dataclass(frozen=True)
class ProductLine:
    """One product; fees and payouts are of its covered orders over the days shown, in fen."""

    key: str
    title: str
    category: str
    on: Sums
    off: Sums
    whole: Sums
    need: float | None

    @property
    def loss_ratio(self) -> float | None:
        """Payouts by fees."""
        return self.on.payouts / self.on.fees if self.on.fees else None


@dataclass(frozen=True)
class ProductTable:
    """One page of the table that was asked for."""

    lines: list[ProductLine]
    total: int
    first: int
    category: str
    sort: str
    categories: list[str]
    query: str
    previous_query: str
    next_query: str

    @property
    def last(self) -> int:
        """The place of the last line."""
        return self.first + len(self.lines) - 1 if self.lines else 0


def worth_lines(*, shop: Shop, now: datetime) -> list[ProductLine]:
    """Every product sold in the days that are ripe."""
    day = shanghai_day(now)
    first, last = worth_rules_on(day).shown(day)
    sums = shop_sums(shop=shop, first=first, last=last)
    said = said_of(costs_newest(shop=shop))

    def line(one: ProductSums) -> ProductLine:
        title = sums.goods[one.product].title
        need = break_even(one.on, one.whole, said)
        return ProductLine(one.product, title, one.category, one.on, one.off, one.whole, need)

    return [line(one) for one in sums.products]


def lines_asked(lines: list[ProductLine], given: QueryDict) -> list[ProductLine]:
    """The lines a query asks for, in its order."""
    category, sort = given.get("category", ""), sort_asked(given)
    fitting = [line for line in lines if category in ("", line.category)]
    return sorted(fitting, key=lambda line: (-_weight(line, sort), line.key))


def sort_asked(given: QueryDict) -> str:
    """The order asked for, by fees without one."""
    asked = given.get("sort", "")
    return asked if asked in SORTS else SORTS[0]


def _weight(line: ProductLine, sort: str) -> float:
    weights = {
        "fees": float(line.on.fees),
        "payouts": float(line.on.payouts),
        "need": line.need or 0.0,
        "returns": line.whole.return_rate or 0.0,
        "orders": float(line.whole.orders),
    }
    return weights[sort]


def product_table(*, shop: Shop, given: QueryDict, now: datetime) -> ProductTable:
    """The page a query asks for."""
    lines = worth_lines(shop=shop, now=now)
    fitting = lines_asked(lines, given)
    text = given.get("page", "1")
    pages = max(1, -(-len(fitting) // SIZE))
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
    number = min(max(number, 1), pages)
    start = (number - 1) * SIZE
    return ProductTable(
        lines=fitting[start : start + SIZE],
        total=len(fitting),
        first=start + 1 if fitting else 0,
        category=given.get("category", "")[:64],
        sort=sort_asked(given),
        categories=sorted({line.category for line in lines} - {""}),
        query=_query(given, 1),
        previous_query=_query(given, number - 1) if number > 1 else "",
        next_query=_query(given, number + 1) if number < pages else "",
    )


def _query(given: QueryDict, page: int) -> str:
    query = QueryDict(mutable=True)
    for name in ("category", "sort"):
        if value := given.get(name, ""):
            query[name] = value
    if page > 1:
        query["page"] = str(page)
    return query.urlencode()


def worth_columns() -> list[Column[ProductLine]]:
    """The lines as columns of a file: money in yuan, rates as fractions."""
    return [
        Column(_("商品编号"), lambda line: line.key),
        Column(_("商品"), lambda line: line.title),
        Column(_("类目"), lambda line: line.category),
        Column(_("订单"), lambda line: line.whole.orders),
        Column(_("有保障的订单"), lambda line: line.on.orders),
        Column(_("退货率"), lambda line: line.whole.return_rate),
        Column(_("保费，元"), lambda line: line.on.fees / FEN),
        Column(_("赔付，元"), lambda line: line.on.payouts / FEN),
        Column(_("赔付率"), lambda line: line.loss_ratio),
        Column(_("运费纠纷"), lambda line: line.whole.disputes),
        Column(_("保本要多的订单"), lambda line: line.need),
    ]
