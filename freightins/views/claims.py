"""理赔: the ledger of a year."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from freightins.selectors.claim_reasons import claim_cells, reason_columns, reasons_page
from freightins.selectors.claims_page import claim_columns, claims_of, claims_page, state_asked
from freightins.views.frame import drawn
from shopguard.lib.exports import table_response
from stores.access import ShopRequest, shop_page


@shop_page()
def claims(request: ShopRequest, shop: str) -> HttpResponse:
    """Orders covered, fees, claims and payouts of the last year."""
    page = claims_page(shop=request.shop, given=request.GET, now=timezone.now())
    return drawn(request, "claims", "claims", page=page)


@shop_page()
def claims_export(request: ShopRequest, shop: str, kind: str) -> HttpResponseBase:
    """The claims as a file: exactly those the page shows with this query."""
    now = timezone.now()
    rows = claims_of(shop=request.shop, state=state_asked(request.GET), now=now)
    return table_response(
        kind,
        f"{request.shop.external_id} claims",
        claim_columns(now),
        rows.iterator(chunk_size=2000),
    )


@shop_page()
def reasons(request: ShopRequest, shop: str) -> HttpResponse:
    """Claims by product and reason, beside the findings about the same products."""
    page = reasons_page(shop=request.shop, now=timezone.now())
    return drawn(request, "reasons", "claims", page=page)


@shop_page()
def reasons_export(request: ShopRequest, shop: str, kind: str) -> HttpResponseBase:
    """Claims by product and reason as a file, every pair there is."""
    cells = claim_cells(shop=request.shop, now=timezone.now())
    return table_response(kind, f"{request.shop.external_id} reasons", reason_columns(), cells)
