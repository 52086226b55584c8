"""What came before a case: other cases of the same SKU and of the same buyer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Count, QuerySet, Subquery, Value, When, Window

from aftersales.models import AfterSaleCase
from stores.models import Order, OrderLine, Shop

EARLIER = timedelta(days=180)
SHOWN = 5
SKU, BUYER = "sku", "buyer"


@dataclass(frozen=True)
class CasesEarlier:
    """The newest of the last 180 days beside a case, and how many there are."""

    of_sku: list[AfterSaleCase]
    sku_count: int
    of_buyer: list[AfterSaleCase]
    buyer_count: int

    @property
    def cases(self) -> list[AfterSaleCase]:
        """Those of the SKU, then those of the buyer."""
        return self.of_sku + self.of_buyer


def cases_earlier(*, shop: Shop, case: AfterSaleCase, now: datetime) -> CasesEarlier:
    """Both lists, in one query."""
    both = _newest(_of_sku(shop, case), case, now, SKU).union(
        _newest(_of_buyer(shop, case.order_ref), case, now, BUYER), all=True
    )
    found: dict[str, list[AfterSaleCase]] = {SKU: [], BUYER: []}
    counts = {SKU: 0, BUYER: 0}
    row: Any
    for row in both:
        found[row.of].append(row)
        counts[row.of] = row.all_n
    for rows in found.values():
        rows.sort(key=lambda one: (-one.applied_at.timestamp(), one.pk))
    return CasesEarlier(found[SKU], counts[SKU], found[BUYER], counts[BUYER])


def _newest(
    rows: QuerySet[AfterSaleCase], case: AfterSaleCase, now: datetime, of: str
) -> QuerySet[AfterSaleCase]:
    found = rows.filter(applied_at__gte=now - EARLIER).exclude(pk=case.pk)
    counted = found.annotate(of=Value(of), all_n=Window(Count("pk")))
    return counted.order_by("-applied_at", "pk")[:SHOWN]


def _of_sku(shop: Shop, case: AfterSaleCase) -> QuerySet[AfterSaleCase]:
    """Of the product and SKU of its line: the one it names, else the first."""
    lines = OrderLine.objects.for_shop(shop)
    is_named = Case(When(line_no=case.line_no, then=Value(0)), default=Value(1))
    own = lines.filter(order_ref=case.order_ref).order_by(is_named, "line_no")
    alike = lines.exclude(product_ref="").filter(
        product_ref=Subquery(own.values("product_ref")[:1]), sku=Subquery(own.values("sku")[:1])
    )
    return AfterSaleCase.objects.for_shop(shop).filter(order_ref__in=alike.values("order_ref"))


def _of_buyer(shop: Shop, order_ref: str | Subquery) -> QuerySet[AfterSaleCase]:
    orders = Order.objects.for_shop(shop)
    own = orders.filter(external_id=order_ref).values("buyer_ref")[:1]
    theirs = orders.exclude(buyer_ref="").filter(buyer_ref=Subquery(own))
    return AfterSaleCase.objects.for_shop(shop).filter(order_ref__in=theirs.values("external_id"))


def cases_of_buyer(*, shop: Shop, case_ref: str) -> QuerySet[AfterSaleCase]:
    """Every other case of the buyer of a case; none where that case or its buyer is unknown."""
    own = AfterSaleCase.objects.for_shop(shop).filter(external_id=case_ref)
    rows = _of_buyer(shop, Subquery(own.values("order_ref")[:1]))
    return rows.exclude(external_id=case_ref)
