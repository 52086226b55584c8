"""The score of a shop, and the page of one metric."""

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from servicescore.selectors.metric_page import metric_export, metric_page
from servicescore.selectors.score_export_table import metric_columns
from servicescore.selectors.score_page import has_orders, score_page
from shopguard.lib.exports import table_response
from stores.access import ShopRequest, shop_page


@shop_page()
def score(request: ShopRequest, shop: str) -> HttpResponse:
    """The shop's newest score: what it is, what it rests on, how it went for 180 days."""
    page = score_page(
        shop=request.shop,
        role=request.role,
        now=timezone.now(),
        asked=request.GET,
    )
    if page is None and "date" in request.GET:
        raise Http404
    if page is None:
        context = {"has_orders": has_orders(shop=request.shop)}
        return render(request, "servicescore/no_score.html", context)
    return render(request, "servicescore/score.html", {"page": page, "as_of": page.as_of})


@shop_page()
def score_metrics(request: ShopRequest, shop: str, kind: str) -> HttpResponseBase:
    """The table of metrics of the score page as a file."""
    page = score_page(shop=request.shop, role=request.role, now=timezone.now(), asked=request.GET)
    if page is None:
        raise Http404
    name = f"{request.shop.external_id} metrics {page.view.date.isoformat()}"
    return table_response(kind, name, metric_columns(), page.metrics)


@shop_page()
def metric(request: ShopRequest, shop: str, metric: str) -> HttpResponse:
    """One metric: its value, how it comes about, and the records behind it."""
    page = metric_page(
        shop=request.shop,
        role=request.role,
        now=timezone.now(),
        metric=metric,
        asked=request.GET,
    )
    if page is None:
        raise Http404
    return render(request, "servicescore/metric.html", {"page": page, "as_of": page.as_of})


@shop_page()
def metric_rows(request: ShopRequest, shop: str, metric: str, kind: str) -> HttpResponseBase:
    """The records behind a metric as a file: exactly those the page shows with this query."""
    export = metric_export(
        shop=request.shop,
        role=request.role,
        now=timezone.now(),
        metric=metric,
        asked=request.GET,
    )
    if export is None:
        raise Http404
    return table_response(kind, export.name, export.columns, export.rows)
