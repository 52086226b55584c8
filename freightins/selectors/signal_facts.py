"""The claims of a shop with their parcels, as signals look at them."""

from collections import defaultdict
from datetime import datetime, timedelta

from django.db import connection

from freightins.calc.signals import Returned
from stores.models import OrderLine, Parcel, Product

YEAR = timedelta(days=365)
CLAIMED = """
    SELECT k.order_ref, k.opened_at, o.buyer_ref, c.return_tracking_no, c.return_weight_grams,
           c.merchant_received_at IS NOT NULL, o.signed_at IS NOT NULL, k.amount, c.carrier_cost
    FROM freightins_claim k
    JOIN aftersales_aftersalecase c ON c.shop_id = k.shop_id AND c.external_id = k.case_ref
    JOIN stores_order o ON o.shop_id = k.shop_id AND o.external_id = k.order_ref
    WHERE k.shop_id = %s AND k.opened_at >= %s ORDER BY k.opened_at, k.id"""


def claims_returned(*, shop_id: int, now: datetime) -> list[Returned]:
    """The claims of the last year, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIMED, [shop_id, now - YEAR])
        rows = cursor.fetchall()
    refs = [row[0] for row in rows]
    weights, delivered = _parcels(shop_id, refs)
    weights = _net_weights(shop_id, [ref for ref in refs if ref not in weights]) | weights
    return [
        Returned(
            order=order,
            opened_at=opened_at,
            buyer=buyer,
            tracking=tracking,
            returned_grams=grams,
            sent_grams=weights.get(order),
            is_received=is_received,
            is_delivered=is_signed or order in delivered,
            paid=paid,
            carrier_cost=cost,
        )
        for order, opened_at, buyer, tracking, grams, is_received, is_signed, paid, cost in rows
    ]


def _parcels(shop_id: int, refs: list[str]) -> tuple[dict[str, int], set[str]]:
    """What the parcels of orders weighed, where all are known, and the orders that arrived."""
    weights: defaultdict[str, list[int | None]] = defaultdict(list)
    delivered = set()
    rows = Parcel.objects.filter(shop_id=shop_id, order_ref__in=refs)
    for order, grams, signed in rows.values_list("order_ref", "weight_grams", "signed_at"):
        weights[order].append(grams)
        if signed is not None:
            delivered.add(order)
    known = {
        order: sum(grams or 0 for grams in found)
        for order, found in weights.items()
        if None not in found
    }
    return known, delivered


def _net_weights(shop_id: int, refs: list[str]) -> dict[str, int]:
    """What the goods of orders weigh by the catalogue, where all of them are known."""
    lines = OrderLine.objects.filter(shop_id=shop_id, order_ref__in=refs)
    rows = list(lines.values_list("order_ref", "product_ref", "quantity"))
    goods = dict(
        Product.objects.filter(
            shop_id=shop_id, external_id__in={product for _, product, _ in rows}
        ).values_list("external_id", "net_weight_grams")
    )
    sums: dict[str, int] = {}
    unknown = set()
    for order, product, quantity in rows:
        grams = goods.get(product)
        if grams is None:
            unknown.add(order)
        else:
            sums[order] = sums.get(order, 0) + grams * (quantity or 1)
    return {order: grams for order, grams in sums.items() if order not in unknown}
