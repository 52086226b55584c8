"""The table of choices: views, filters, order, pages, and what a change would cost or save."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from freightins.calc import advice
from freightins.calc.choices import PRODUCT, decided
from freightins.models import ChoiceView, QuoteRevision
from freightins.rules import cover_rules_on
from freightins.selectors.choices import choices_now
from freightins.selectors.enrolments import quote_newest
from freightins.selectors.products import (
    CoverRow,
    LevelRow,
    Pricing,
    cover_rows,
    is_covered,
    level_rows,
    pricing_of,
)
from shopguard.lib.days import shanghai_day
from stores.models import Shop, User

SIZE = 50
HIGH_RETURNS = 1.5  # times the shop's own rate
VIEWS: Mapping[str, Callable[[CoverRow], bool]] = {
    "all": lambda row: True,
    "off": lambda row: row.advice.verdict == advice.OFF and is_covered(row),
    "on": lambda row: row.advice.verdict == advice.ON and not is_covered(row),
    "returns": lambda row: (
        row.advice.is_own and row.advice.rate >= HIGH_RETURNS * row.pricing.rate > 0
    ),
    "covered": is_covered,
    "impossible": lambda row: row.product.is_virtual,
}
SORTS: Mapping[str, Callable[[CoverRow], tuple[float, str]]] = {
    "rate": lambda row: (-(row.rate if row.rate is not None else -1), row.key),
    "orders": lambda row: (-row.facts.orders, row.key),
    "fee": lambda row: (-row.month_fee, row.key),
    "title": lambda row: (0, row.product.title),
}


@dataclass(frozen=True)
class Option:
    """A view, filter or order one can choose."""

    key: str
    label: str
    query: str
    is_chosen: bool
    count: int = 0


@dataclass(frozen=True)
class ProductPage:
    """What the page shows. ``rows`` is one page of ``total`` products that fit the filters."""

    rows: list[CoverRow]
    levels: list[LevelRow]
    total: int
    all_total: int
    covered: int
    first: int
    views: list[Option]
    saved: list[ChoiceView]
    sorts: list[Option]
    categories: list[Option]
    search: str
    query: str
    next_query: str
    previous_query: str
    clear_query: str
    advised_off: int
    saving: float
    quote: QuoteRevision | None
    now: datetime

    @property
    def last(self) -> int:
        """The place of the last row."""
        return self.first + len(self.rows) - 1 if self.rows else 0


@dataclass(frozen=True)
class Asked:
    """The filters of a request, as far as they mean something."""

    view: str
    search: str
    category: str
    sort: str
    page: int

    def query(self, **other: str | int) -> str:
        """The query of this table with something else, empty and usual parts left out."""
        parts = {"view": self.view, "q": self.search, "category": self.category, "sort": self.sort}
        parts |= {name: str(value) for name, value in other.items()}
        usual = {"view": "all", "sort": "rate", "page": "1"}
        query = QueryDict(mutable=True)
        for name, value in parts.items():
            if value and usual.get(name) != value:
                query[name] = value
        return query.urlencode()


def asked_of(given: QueryDict) -> Asked:
    """What a query asks for; what nobody knows counts as not asked."""
    view, sort, page = given.get("view", ""), given.get("sort", ""), given.get("page", "1")
    return Asked(
        view=view if view in VIEWS else "all",
        search=given.get("q", "").strip()[:96],
        category=given.get("category", "")[:64],
        sort=sort if sort in SORTS else "rate",
        page=int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
    )


def rows_of(*, shop: Shop, now: datetime) -> list[CoverRow]:
    """Every product of the shop as the table knows it."""
    return rows_by(quote_newest(shop=shop, now=now), shop=shop, now=now)


def rows_by(quote: QuoteRevision | None, *, shop: Shop, now: datetime) -> list[CoverRow]:
    """The same by a quote that was read already."""
    day = shanghai_day(now)
    return cover_rows(shop=shop, rules=cover_rules_on(day), pricing=pricing_of(quote))


def rows_asked(rows: Sequence[CoverRow], asked: Asked) -> list[CoverRow]:
    """The rows that fit the filters, in the order asked for."""
    return sorted(
        (row for row in rows if VIEWS[asked.view](row) and _fits(row, asked)),
        key=SORTS[asked.sort],
    )


def _fits(row: CoverRow, asked: Asked) -> bool:
    wanted = asked.search.casefold()
    is_found = wanted in row.product.title.casefold() or wanted in row.key.casefold()
    return is_found and asked.category in ("", row.product.category)


def product_page(*, shop: Shop, user: User, given: QueryDict, now: datetime) -> ProductPage:
    """The page a query asks for."""
    asked = asked_of(given)
    quote = quote_newest(shop=shop, now=now)
    rows = rows_by(quote, shop=shop, now=now)
    fitting = rows_asked(rows, asked)
    pages = max(1, -(-len(fitting) // SIZE))
    page = min(max(1, asked.page), pages)
    start = (page - 1) * SIZE
    off = [row for row in rows if VIEWS["off"](row)]
    return ProductPage(
        rows=fitting[start : start + SIZE],
        levels=level_rows(shop=shop, rows=rows),
        total=len(fitting),
        all_total=len(rows),
        covered=sum(is_covered(row) for row in rows),
        first=start + 1 if fitting else 0,
        views=_views(rows, asked),
        saved=list(ChoiceView.objects.for_shop(shop).filter(user=user).order_by("name")),
        sorts=_sorts(asked),
        categories=_categories(rows, asked),
        search=asked.search,
        query=asked.query(),
        next_query=asked.query(page=page + 1) if page < pages else "",
        previous_query=asked.query(page=page - 1) if page > 1 else "",
        clear_query=asked.query(q="", category="", view="all"),
        advised_off=len(off),
        saving=sum(row.month_fee - row.month_payout for row in off),
        quote=quote,
        now=now,
    )


def _views(rows: Sequence[CoverRow], asked: Asked) -> list[Option]:
    labels = {
        "all": pgettext("products", "全部"),
        "off": _("建议关"),
        "on": _("建议开"),
        "returns": _("高退货"),
        "covered": _("在保"),
        "impossible": _("不可保"),
    }
    return [
        Option(key, label, asked.query(view=key), key == asked.view, sum(map(VIEWS[key], rows)))
        for key, label in labels.items()
    ]


def _sorts(asked: Asked) -> list[Option]:
    labels = {
        "rate": _("退货率高的在前"),
        "orders": _("订单多的在前"),
        "fee": _("保费多的在前"),
        "title": _("按名称"),
    }
    return [
        Option(key, label, asked.query(sort=key), key == asked.sort)
        for key, label in labels.items()
    ]


def _categories(rows: Sequence[CoverRow], asked: Asked) -> list[Option]:
    codes = sorted({row.product.category for row in rows} - {""})
    return [
        Option(code, code, asked.query(category=code), code == asked.category) for code in codes
    ]


@dataclass(frozen=True)
class Side:
    """One column of a preview: fen a month, products, and the share of orders covered."""

    fee: float
    payout: float
    products: int
    share: float


@dataclass(frozen=True)
class Preview:
    """What a change would do, before it is made. ``items`` are the choices as the form sends them
    back, ``against`` the products whose advice says otherwise.
    """

    items: list[str]
    count: int
    to: str
    before: Side
    after: Side
    against: list[CoverRow]
    impossible: list[CoverRow]

    @property
    def saved(self) -> float:
        """Fee saved less payouts lost, fen a month; negative where it costs more."""
        return (self.before.fee - self.after.fee) - (self.before.payout - self.after.payout)


def preview_of(
    *, shop: Shop, rows: Sequence[CoverRow], wanted: Mapping[str, bool | None], to: str
) -> Preview:
    """The effect of choosing ``wanted`` (by product id; None: as the level above says)."""
    choices = choices_now(shop=shop)
    for key, is_on in wanted.items():
        if is_on is None:
            choices.pop((PRODUCT, key), None)
        else:
            choices[PRODUCT, key] = is_on
    touched = [row for row in rows if row.key in wanted]
    possible = [row for row in touched if not (row.product.is_virtual and wanted[row.key])]
    after = {
        row.key: decided(choices, row.key, row.product.category).is_covered
        and not row.product.is_virtual
        for row in rows
    }
    opposed = {True: advice.OFF, False: advice.ON}
    return Preview(
        items=[f"{row.version}:{_sign(wanted[row.key])}:{row.key}" for row in possible],
        count=len(possible),
        to=to,
        before=_side(rows, {row.key: is_covered(row) for row in rows}),
        after=_side(rows, after),
        against=[row for row in possible if row.advice.verdict == opposed.get(after[row.key])
                 and after[row.key] != is_covered(row)],
        impossible=[row for row in touched if row not in possible],
    )  # fmt: skip


def _sign(is_on: bool | None) -> str:
    return {True: "on", False: "off", None: "inherit"}[is_on]


def _side(rows: Sequence[CoverRow], covered: Mapping[str, bool]) -> Side:
    inside = [row for row in rows if covered[row.key]]
    orders = sum(row.month_orders for row in rows)
    return Side(
        fee=sum(row.month_fee for row in inside),
        payout=sum(row.month_payout for row in inside),
        products=len(inside),
        share=sum(row.month_orders for row in inside) / orders if orders else 0.0,
    )


def pricing_now(*, shop: Shop, now: datetime) -> Pricing:
    """The fee previews are worked out with."""
    return pricing_of(quote_newest(shop=shop, now=now))
