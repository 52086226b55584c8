"""The receipt of a score: what it was computed from, and what earlier computations said."""

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from servicescore.selectors.receipt_inputs import input_columns
from servicescore.selectors.receipt_page import receipt_page
from servicescore.views.shown import shown
from shopguard.lib.exports import table_response
from stores.access import ShopRequest, shop_page


@shop_page()
def receipt(request: ShopRequest, shop: str) -> HttpResponse:
    """The receipt of the newest score, of a date, or of an earlier revision of it."""
    page = receipt_page(shop=request.shop, role=request.role, now=timezone.now(), asked=request.GET)
    return shown(request, "servicescore/receipt.html", page)


@shop_page()
def receipt_inputs(request: ShopRequest, shop: str, kind: str) -> HttpResponseBase:
    """The inputs of the receipt as a file."""
    page = receipt_page(shop=request.shop, role=request.role, now=timezone.now(), asked=request.GET)
    if page is None:
        raise Http404
    name = f"{request.shop.external_id} receipt {page.view.date.isoformat()}"
    return table_response(kind, name, input_columns(), page.inputs)
