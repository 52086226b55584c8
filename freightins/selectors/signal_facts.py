"""The claims of a shop with their parcels, as signals look at them."""

from collections import defaultdict
from datetime import datetime, timedelta

from aftersales.models import AfterSaleCase
from freightins.calc.signals import Returned
from freightins.models import Claim
from stores.models import Order, OrderLine, Parcel, Product

YEAR = timedelta(days=365)


def claims_returned(*, shop_id: int, now: datetime) -> list[Returned]:
    """The claims of the last year, the oldest first."""
    claims = list(
        Claim.objects.filter(shop_id=shop_id, opened_at__gte=now - YEAR).order_by("opened_at", "pk")
    )
    refs = [claim.order_ref for claim in claims]
    cases = {
        case.external_id: case
        for case in AfterSaleCase.objects.filter(
            shop_id=shop_id, external_id__in=[claim.case_ref for claim in claims]
        )
    }
    orders = {
        order.external_id: order
        for order in Order.objects.filter(shop_id=shop_id, external_id__in=refs)
    }
    weights, delivered = _parcels(shop_id, refs)
    weights = _net_weights(shop_id, [ref for ref in refs if ref not in weights]) | weights
    found = []
    for claim in claims:
        case, order = cases.get(claim.case_ref), orders.get(claim.order_ref)
        if case is None or order is None:
            continue
        found.append(
            Returned(
                order=claim.order_ref,
                opened_at=claim.opened_at,
                buyer=order.buyer_ref,
                tracking=case.return_tracking_no,
                returned_grams=case.return_weight_grams,
                sent_grams=weights.get(claim.order_ref),
                is_received=case.merchant_received_at is not None,
                is_delivered=order.signed_at is not None or claim.order_ref in delivered,
                paid=claim.amount,
                carrier_cost=case.carrier_cost,
            )
        )
    return found


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
