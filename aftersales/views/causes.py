"""Pages that look for the cause: cuts with the heat map, and one product or SKU."""

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from aftersales.selectors.cuts_page import cut_columns, cuts_page
from aftersales.selectors.findings_page import row_columns
from aftersales.selectors.goods_page import goods_columns, goods_page
from aftersales.selectors.return_rows import rows_behind, rows_page
from aftersales.selectors.root_cause import cause_columns, cause_rows, goods_asked, root_cause
from shopguard.lib.days import shanghai_day
from shopguard.lib.exports import table_response
from stores.access import ShopRequest, shop_page

NOTHING_YET = "aftersales/no_findings.html"


@shop_page()
def cuts(request: ShopRequest, shop: str) -> HttpResponse:
    """One cut by the basis that is asked for, and first reasons by product."""
    page = cuts_page(shop=request.shop, asked=request.GET, today=shanghai_day(timezone.now()))
    return render(request, "aftersales/cuts.html" if page else NOTHING_YET, {"page": page})


@shop_page()
def cuts_export(request: ShopRequest, shop: str, kind: str) -> HttpResponseBase:
    """The cut on screen as a file."""
    page = cuts_page(shop=request.shop, asked=request.GET, today=shanghai_day(timezone.now()))
    if page is None:
        raise Http404
    name = f"{request.shop.external_id} {page.cut} {page.basis.day} {page.last_day.isoformat()}"
    return table_response(kind, name, cut_columns(page), page.lines)


@shop_page()
def rows(request: ShopRequest, shop: str) -> HttpResponse:
    """The order lines behind a number."""
    page = rows_page(shop=request.shop, asked=request.GET, today=shanghai_day(timezone.now()))
    if page is None:
        raise Http404
    return render(request, "aftersales/rows.html", {"page": page})


@shop_page()
def rows_export(request: ShopRequest, shop: str, kind: str) -> HttpResponseBase:
    """The same as a file."""
    found = rows_behind(shop=request.shop, asked=request.GET)
    if found is None:
        raise Http404
    name = f"{request.shop.external_id} rows {shanghai_day(timezone.now()).isoformat()}"
    return table_response(kind, name, row_columns(), found)


@shop_page()
def product(request: ShopRequest, shop: str) -> HttpResponse:
    """Why the goods in the address come back; without any, which there are to choose from."""
    today = shanghai_day(timezone.now())
    page = root_cause(shop=request.shop, asked=request.GET, today=today)
    if page is not None:
        return render(request, "aftersales/product.html", {"page": page})
    goods = goods_page(shop=request.shop, asked=request.GET, today=today)
    lost = goods_asked(request.GET)
    told = _("没有找到「%(ref)s」") % {"ref": lost[1]} if lost else ""
    template = "aftersales/goods.html" if goods else NOTHING_YET
    return render(request, template, {"page": goods, "told": told})


@shop_page()
def product_export(request: ShopRequest, shop: str, kind: str) -> HttpResponseBase:
    """What is on screen as a file: the cases of the goods, or the goods to choose from."""
    today = shanghai_day(timezone.now())
    name = f"{request.shop.external_id} returns {today.isoformat()}"
    goods = goods_asked(request.GET)
    if goods is not None:
        rows = cause_rows(shop=request.shop, goods=goods, asked=request.GET, today=today)
        return table_response(kind, name, cause_columns(), rows.iterator(chunk_size=500))
    page = goods_page(shop=request.shop, asked=request.GET, today=today)
    if page is None:
        raise Http404
    return table_response(kind, name, goods_columns(page), [*page.products, *page.skus])
