"""The daily page of diagnostics."""

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from aftersales.selectors.daily_returns import daily_columns, daily_page
from shopguard.lib.days import shanghai_day
from shopguard.lib.exports import table_response
from stores.access import ShopRequest, shop_page

NOTHING_YET = "aftersales/no_findings.html"


@shop_page()
def daily(request: ShopRequest, shop: str) -> HttpResponse:
    """Rates day by day with their usual range, by the basis that is asked for."""
    today = shanghai_day(timezone.now())
    page = daily_page(shop=request.shop, asked=request.GET, today=today)
    return render(request, "aftersales/daily.html" if page else NOTHING_YET, {"page": page})


@shop_page()
def daily_export(request: ShopRequest, shop: str, kind: str) -> HttpResponseBase:
    """The days on screen as a file."""
    today = shanghai_day(timezone.now())
    page = daily_page(shop=request.shop, asked=request.GET, today=today)
    if page is None:
        raise Http404
    name = f"{request.shop.external_id} returns {page.basis.day} {page.last_day.isoformat()}"
    return table_response(kind, name, daily_columns(page), page.days)
