"""Pages of findings about returns."""

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from aftersales.selectors.finding_quotes import finding_quotes
from aftersales.selectors.findings_front import finding_columns, findings_front
from aftersales.selectors.findings_page import (
    finding_detail,
    row_columns,
    rows_streamed,
    search_newest,
)
from shopguard.lib.days import shanghai_day
from shopguard.lib.exports import table_response
from stores.access import ShopRequest, shop_page


@shop_page()
def findings(request: ShopRequest, shop: str) -> HttpResponse:
    """Every finding of the newest night, the dearest first and open."""
    front = findings_front(shop=request.shop, today=shanghai_day(timezone.now()))
    if front is None:
        return render(request, "aftersales/no_findings.html")
    return render(request, "aftersales/findings.html", {"front": front, "search": front.search})


@shop_page()
def findings_export(request: ShopRequest, shop: str, kind: str) -> HttpResponseBase:
    """The findings as a file."""
    search = search_newest(shop=request.shop, today=shanghai_day(timezone.now()))
    if search is None:
        raise Http404
    name = f"{request.shop.external_id} findings {search.found.date.isoformat()}"
    return table_response(kind, name, finding_columns(), search.findings)


@shop_page()
def finding(request: ShopRequest, shop: str, rank: int) -> HttpResponse:
    """One finding: its chart, what to do, and the order lines that came back."""
    detail = finding_detail(
        shop=request.shop, rank=rank, now_day=shanghai_day(timezone.now()), asked=request.GET
    )
    if detail is None:
        raise Http404
    quotes = finding_quotes(shop=request.shop, found=detail.search.found).get(rank, ())
    told = {"page": detail, "search": detail.search, "quotes": quotes}
    return render(request, "aftersales/finding.html", told)


@shop_page()
def finding_rows(request: ShopRequest, shop: str, rank: int, kind: str) -> HttpResponseBase:
    """The order lines behind a finding as a file."""
    search = search_newest(shop=request.shop, today=shanghai_day(timezone.now()))
    found = [one for one in search.findings if one.row.rank == rank] if search else []
    if search is None or not found:
        raise Http404
    name = f"{request.shop.external_id} finding {rank} {search.found.date.isoformat()}"
    rows = rows_streamed(request.shop, found[0], search.found.date)
    return table_response(kind, name, row_columns(), rows)
