"""Looking a record of the shop up: by its number, by that of its order or parcel, by a title.

Every query goes by an index, also in a shop with a million orders; there are seven at most, however
much they find. Who bought is never looked for: the product keeps no personal data.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import and_, or_
from typing import Any, Generic, TypeVar

from django.db.models import Q, QuerySet, Value

from aftersales.case_words import kind_word
from aftersales.models import AfterSaleCase
from aftersales.selectors.asked import Asked
from aftersales.selectors.case_goods import line_of
from aftersales.selectors.complaints import OUTCOME_WORDS, TOPIC_WORDS
from aftersales.selectors.lookup_marks import (
    Mark,
    case_mark,
    complaint_show,
    order_mark,
    parcel_mark,
    waits_to_ship,
)
from aftersales.selectors.shipping import CHANNELS
from stores.models import Complaint, Fact, Order, OrderLine, Parcel, Product, Shop
from stores.selectors.records import order_lines

Row = TypeVar("Row")

MOST = 20
# What belongs to the orders found: cases and parcels of all of them together.
MOST_BESIDE = 100
# A SKU stands in order lines alone, which have no index by it: the newest orders are looked at.
ORDERS_FOR_SKU = 2_000
KINDS = ("orders", "cases", "parcels", "products", "complaints")
# Sorts behind every text that begins alike, in any order of texts a database may have.
LAST = "\U0010ffff"


@dataclass(frozen=True)
class Found(Generic[Row]):
    """The first :data:`MOST` of a kind, and whether there are more."""

    rows: list[Row]
    is_cut: bool = False

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True)
class LineFound:
    """A line of an order with what its product is called."""

    line: OrderLine
    title: str


@dataclass(frozen=True)
class SkuFound:
    """A SKU as order lines tell of it."""

    sku: str
    spec: str
    product_ref: str
    title: str


@dataclass(frozen=True)
class CaseFound:
    """A case with its kind, its state, and the goods it is about if they are known."""

    case: AfterSaleCase
    kind: str
    mark: Mark
    goods: LineFound | None


@dataclass(frozen=True)
class ParcelFound:
    """A parcel and where it is."""

    parcel: Parcel
    mark: Mark


@dataclass(frozen=True)
class ComplaintFound:
    """A complaint in words, and the list it stands on."""

    complaint: Complaint
    topic: str
    outcome: str
    show: str


@dataclass(frozen=True)
class OrderFound:
    """An order with everything a question about it is about."""

    order: Order
    mark: Mark
    channel: str
    waits: bool
    lines: list[LineFound]
    cases: list[CaseFound]
    parcels: list[ParcelFound]


@dataclass(frozen=True)
class Lookup:
    """What was found. Cases and parcels of an order that was found stand with it; ``sku`` is
    looked for where no order, case or parcel goes by the number.
    """

    asked: Asked
    orders: Found[OrderFound]
    cases: Found[CaseFound]
    parcels: Found[ParcelFound]
    products: Found[Product]
    complaints: Found[ComplaintFound]
    sku: SkuFound | None = None

    @property
    def total(self) -> int:
        """How many rows are shown."""
        return sum(len(getattr(self, kind)) for kind in KINDS) + (self.sku is not None)

    @property
    def cut(self) -> list[str]:
        """The kinds of which there are more."""
        return [kind for kind in KINDS if getattr(self, kind).is_cut]

    @property
    def only_case(self) -> AfterSaleCase | None:
        """The case of that very number, where no other record goes by it."""
        records: Iterable[Fact] = (
            *(found.order for found in self.orders.rows),
            *self.every_case,
            *self.every_parcel,
            *self.products.rows,
            *self.every_complaint,
        )
        exact = [record for record in records if record.external_id == self.asked.number]
        return exact[0] if len(exact) == 1 and isinstance(exact[0], AfterSaleCase) else None

    @property
    def every_case(self) -> list[AfterSaleCase]:
        """Those with their order, then the others."""
        beside = [told for found in self.orders.rows for told in found.cases]
        return [told.case for told in (*beside, *self.cases.rows)]

    @property
    def every_parcel(self) -> list[Parcel]:
        """Those with their order, then the others."""
        beside = [told for found in self.orders.rows for told in found.parcels]
        return [told.parcel for told in (*beside, *self.parcels.rows)]

    @property
    def every_complaint(self) -> list[Complaint]:
        """The complaints without their words."""
        return [told.complaint for told in self.complaints.rows]


def nothing(asked: Asked) -> Lookup:
    """Nothing looked for, nothing found."""
    return Lookup(asked, Found([]), Found([]), Found([]), Found([]), Found([]))


def lookup(*, shop: Shop, asked: Asked, now: datetime) -> Lookup:
    """Everything of the shop that goes by what is asked, with its state as of ``now``."""
    if asked.is_empty:
        return nothing(asked)
    orders = list(_by(Order.objects.for_shop(shop), "external_id", asked))
    refs = {order.external_id for order in orders[:MOST]}
    cases, of_orders = _cases(shop, asked, refs)
    parcels, sent = _parcels(shop, asked, refs)
    complaints = _complaints(shop, asked, refs)
    wanted = refs | {case.order_ref for case in cases}
    lines = order_lines(shop=shop, orders=wanted) if wanted else {}
    spec, ref = (None, None) if orders or cases or parcels else _of_sku(shop, asked.number)
    goods = {line.product_ref for found in lines.values() for line in found}
    products, titles = _products(shop, asked, goods | ({ref} if ref else set()))
    told = {
        order: [LineFound(line, titles.get(line.product_ref, "")) for line in found]
        for order, found in lines.items()
    }
    return Lookup(
        asked=asked,
        orders=_found([_order(order, told, of_orders, sent, now) for order in orders]),
        cases=_found([_case(case, told, now) for case in cases]),
        parcels=_found([ParcelFound(parcel, parcel_mark(parcel)) for parcel in parcels]),
        products=_found(products),
        complaints=_found([_complaint(complaint) for complaint in complaints]),
        sku=None if ref is None else SkuFound(asked.number, spec or "", ref, titles.get(ref, "")),
    )


Told = Mapping[str, list[LineFound]]


def _found(rows: list[Row]) -> Found[Row]:
    return Found(rows[:MOST], len(rows) > MOST)


def _order(
    order: Order, told: Told, cases: list[Any], parcels: list[Any], now: datetime
) -> OrderFound:
    ref = order.external_id
    return OrderFound(
        order=order,
        mark=order_mark(order, now),
        channel=str(CHANNELS.get(order.channel, order.channel)),
        waits=waits_to_ship(order, now),
        lines=told.get(ref, []),
        cases=[_case(case, told, now) for case in cases if case.order_ref == ref],
        parcels=[ParcelFound(one, parcel_mark(one)) for one in parcels if one.order_ref == ref],
    )


def _case(case: AfterSaleCase, told: Told, now: datetime) -> CaseFound:
    lines = told.get(case.order_ref, [])
    of_case = line_of(case, [found.line for found in lines])
    goods = next((found for found in lines if found.line is of_case), None)
    return CaseFound(case, kind_word(case.kind), case_mark(case, now), goods)


def _complaint(complaint: Complaint) -> ComplaintFound:
    return ComplaintFound(
        complaint=complaint,
        topic=str(TOPIC_WORDS.get(complaint.topic, complaint.topic)),
        outcome=str(OUTCOME_WORDS.get(complaint.outcome, complaint.outcome)),
        show=complaint_show(complaint),
    )


def _goes_by(field: str, asked: Asked) -> Q:
    """Rows whose ``field`` is the number or, where that is long enough, begins with it.

    The bounds let the index find the beginning, whatever order the database sorts texts in; the
    exact number is the first of them.
    """
    if not asked.is_prefix:
        return Q(**{field: asked.number})
    bounds = {f"{field}__gte": asked.number, f"{field}__lte": asked.number + LAST}
    return Q(**bounds, **{f"{field}__startswith": asked.number})


def _by(rows: QuerySet[Any], field: str, asked: Asked) -> QuerySet[Any]:
    """One more than are shown of those that go by the number, as the index has them: to sort by
    anything else, every row that begins alike would be read.
    """
    return rows.filter(_goes_by(field, asked)).order_by(field)[: MOST + 1]


def _beside(rows: QuerySet[Any], orders: Collection[str]) -> QuerySet[Any]:
    """What belongs to some orders."""
    return rows.filter(order_ref__in=orders).order_by("order_ref", "pk")[:MOST_BESIDE]


def _apart(
    first: QuerySet[Any], *others: QuerySet[Any], asked: Asked, orders: Collection[str]
) -> tuple[list[Any], list[Any]]:
    """What several queries find, asked as one: each row once, those of ``orders`` apart."""
    found = {row.pk: row for row in first.union(*others, all=True)}
    rows = sorted(
        found.values(), key=lambda row: (row.external_id != asked.number, row.external_id)
    )
    beside = [row for row in rows if row.order_ref in orders]
    return [row for row in rows if row.order_ref not in orders], beside


def _cases(shop: Shop, asked: Asked, orders: Collection[str]) -> tuple[list[Any], list[Any]]:
    rows = AfterSaleCase.objects.for_shop(shop)
    sent_back = rows.exclude(return_tracking_no="")
    return _apart(
        _by(rows, "external_id", asked),
        _by(sent_back, "return_tracking_no", asked),
        _beside(rows, {*orders, asked.number}),
        asked=asked,
        orders=orders,
    )


def _parcels(shop: Shop, asked: Asked, orders: Collection[str]) -> tuple[list[Any], list[Any]]:
    rows = Parcel.objects.for_shop(shop)
    named, beside = _by(rows, "external_id", asked), _beside(rows, {*orders, asked.number})
    return _apart(named, beside, asked=asked, orders=orders)


def _complaints(shop: Shop, asked: Asked, orders: Collection[str]) -> list[Complaint]:
    rows = Complaint.objects.for_shop(shop)
    named, beside = _by(rows, "external_id", asked), _beside(rows, {*orders, asked.number})
    return _apart(named, beside, asked=asked, orders=())[0]


def _of_sku(shop: Shop, sku: str) -> tuple[str | None, str | None]:
    """Specification and product of a SKU in the newest orders; neither where it is in none."""
    newest = Order.objects.for_shop(shop).order_by("-placed_at").values("external_id")
    lines = OrderLine.objects.for_shop(shop).filter(sku=sku, order_ref__in=newest[:ORDERS_FOR_SKU])
    # Distinct and without an end: a first row alone would be looked for through all lines.
    return min(lines.values_list("spec", "product_ref").distinct(), default=(None, None))


def _products(shop: Shop, asked: Asked, refs: Collection[str]) -> tuple[list[Any], dict[str, str]]:
    """The products asked for, and the titles of these and of ``refs`` by their ids."""
    rows = Product.objects.for_shop(shop)
    hits = rows.annotate(is_hit=Value(True))
    titled = hits.filter(_has_words(asked)).order_by("title", "pk")[: MOST + 1]
    beside = rows.annotate(is_hit=Value(False)).filter(external_id__in=refs)
    found = list(_by(hits, "external_id", asked).union(titled, beside, all=True))
    asked_for = {product.pk: product for product in found if product.is_hit}
    wanted = sorted(
        asked_for.values(),
        key=lambda product: (product.external_id != asked.number, product.title, product.pk),
    )
    return wanted, {product.external_id: product.title for product in found}


def _has_words(asked: Asked) -> Q:
    """Every word, as it was typed or made plain."""
    return reduce(
        or_, (reduce(and_, (Q(title__icontains=one) for one in words)) for words in asked.wordings)
    )
