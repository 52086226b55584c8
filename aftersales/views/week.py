"""The weekly report."""

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from aftersales.selectors.week_report import week_columns, week_report
from shopguard.lib.days import shanghai_day
from shopguard.lib.exports import table_response
from stores.access import ShopRequest, shop_page

NOTHING_YET = "aftersales/no_findings.html"


@shop_page()
def week(request: ShopRequest, shop: str) -> HttpResponse:
    """One week on one sheet of paper."""
    now = timezone.now()
    page = week_report(shop=request.shop, asked=request.GET, today=shanghai_day(now))
    template = "aftersales/week.html" if page else NOTHING_YET
    return render(request, template, {"page": page, "printed": now})


@shop_page()
def week_export(request: ShopRequest, shop: str, kind: str) -> HttpResponseBase:
    """The days of the week as a file."""
    today = shanghai_day(timezone.now())
    page = week_report(shop=request.shop, asked=request.GET, today=today)
    if page is None:
        raise Http404
    name = f"{request.shop.external_id} week {page.last.isoformat()}"
    return table_response(kind, name, week_columns(page), page.days)
