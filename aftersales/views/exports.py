"""Reviews, complaints, orders, parcels and delay reports as files, exactly as on screen."""

from django.http.response import HttpResponseBase
from django.utils import timezone

from aftersales.selectors import record_exports as records
from shopguard.lib.exports import table_response
from stores.access import ShopRequest, shop_page


@shop_page()
def reviews(request: ShopRequest, shop: str, kind: str) -> HttpResponseBase:
    """The reviews on screen."""
    return _file(request, kind, "reviews", records.reviews_export)


@shop_page()
def complaints(request: ShopRequest, shop: str, kind: str) -> HttpResponseBase:
    """The complaints on screen."""
    return _file(request, kind, "complaints", records.complaints_export)


@shop_page()
def orders(request: ShopRequest, shop: str, kind: str) -> HttpResponseBase:
    """The orders to ship on screen."""
    return _file(request, kind, "orders", records.orders_export)


@shop_page()
def parcels(request: ShopRequest, shop: str, kind: str) -> HttpResponseBase:
    """The parcels on screen."""
    return _file(request, kind, "parcels", records.parcels_export)


@shop_page()
def delay_reports(request: ShopRequest, shop: str, kind: str) -> HttpResponseBase:
    """The delay reports on screen."""
    return _file(request, kind, "delay reports", records.delay_reports_export)


def _file(
    request: ShopRequest, kind: str, name: str, exporter: records.Exporter
) -> HttpResponseBase:
    export = exporter(request.shop, request.GET, timezone.now())
    title = f"{request.shop.external_id} {name} {export.name}"
    return table_response(kind, title, export.columns, export.rows)
