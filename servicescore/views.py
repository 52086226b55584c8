"""Pages of the service score."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from servicescore.selectors.score_page import has_orders, score_page
from stores.access import ShopRequest, shop_page


@shop_page()
def score(request: ShopRequest, shop: str) -> HttpResponse:
    """The shop's newest score: what it is, what it rests on, how it went for 180 days."""
    page = score_page(
        shop=request.shop,
        role=request.role,
        now=timezone.now(),
        trend=request.GET.get("trend", ""),
    )
    if page is None:
        context = {"has_orders": has_orders(shop=request.shop)}
        return render(request, "servicescore/no_score.html", context)
    return render(request, "servicescore/score.html", {"page": page, "as_of": page.as_of})
