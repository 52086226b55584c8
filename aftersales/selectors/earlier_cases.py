"""What came before a case: other cases of the same SKU and of the same buyer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet, Subquery

from aftersales.models import AfterSaleCase
from stores.models import Order, Shop

EARLIER = timedelta(days=180)
SHOWN = 5
SKU, BUYER = "sku", "buyer"
# The newest cases of orders, each with how many there are in all.
NEWEST = """
    (SELECT c.*, '{of}' AS of, count(*) OVER () AS all_n FROM aftersales_aftersalecase c
      WHERE c.shop_id = %(shop)s AND c.applied_at >= %(since)s AND c.id <> %(case)s
        AND c.order_ref IN ({orders})
      ORDER BY c.applied_at DESC, c.id LIMIT %(shown)s)"""
# Orders with the product and SKU of its line: the one it names, else the first.
OF_SKU = """
    SELECT l.order_ref FROM stores_orderline l
     WHERE l.shop_id = %(shop)s AND l.product_ref <> '' AND (l.product_ref, l.sku) = (
        SELECT own.product_ref, own.sku FROM stores_orderline own
         WHERE own.shop_id = %(shop)s AND own.order_ref = %(order)s
         ORDER BY own.line_no IS DISTINCT FROM %(line)s, own.line_no LIMIT 1)"""
OF_BUYER = """
    SELECT o.external_id FROM stores_order o
     WHERE o.shop_id = %(shop)s AND o.buyer_ref <> '' AND o.buyer_ref = (
        SELECT own.buyer_ref FROM stores_order own
         WHERE own.shop_id = %(shop)s AND own.external_id = %(order)s)"""
BOTH = (
    f"{NEWEST.format(of=SKU, orders=OF_SKU)} UNION ALL {NEWEST.format(of=BUYER, orders=OF_BUYER)}"
)


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
    asked = {
        "shop": shop.pk, "case": case.pk, "order": case.order_ref, "line": case.line_no,
        "since": now - EARLIER, "shown": SHOWN,
    }  # fmt: skip
    found: dict[str, list[AfterSaleCase]] = {SKU: [], BUYER: []}
    counts = {SKU: 0, BUYER: 0}
    row: Any
    for row in AfterSaleCase.objects.raw(BOTH, asked):
        found[row.of].append(row)
        counts[row.of] = row.all_n
    for rows in found.values():
        rows.sort(key=lambda one: (-one.applied_at.timestamp(), one.pk))
    return CasesEarlier(found[SKU], counts[SKU], found[BUYER], counts[BUYER])


def cases_of_buyer(*, shop: Shop, case_ref: str) -> QuerySet[AfterSaleCase]:
    """Every other case of the buyer of a case; none where that case or its buyer is unknown."""
    own = AfterSaleCase.objects.for_shop(shop).filter(external_id=case_ref)
    orders = Order.objects.for_shop(shop)
    order = orders.filter(external_id=Subquery(own.values("order_ref")[:1]))
    theirs = orders.exclude(buyer_ref="").filter(buyer_ref=Subquery(order.values("buyer_ref")[:1]))
    rows = AfterSaleCase.objects.for_shop(shop).filter(order_ref__in=theirs.values("external_id"))
    return rows.exclude(external_id=case_ref)
