"""How a page about one score is answered: with the page, with its empty state, or not at all."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from servicescore.selectors.score_page import has_orders
from stores.access import ShopRequest


def shown(request: ShopRequest, template: str, page: Any, **more: Any) -> HttpResponse:
    """``page`` in its template. Without one: 404 for a date that was asked for, else what the shop
    has to do before it has a score.
    """
    if page is None and "date" in request.GET:
        raise Http404
    if page is None:
        context = {"has_orders": has_orders(shop=request.shop)}
        return render(request, "servicescore/no_score.html", context)
    return render(request, template, {"page": page, "as_of": page.as_of, **more})
