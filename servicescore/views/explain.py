"""Why a score moved."""

from django.http import HttpResponse
from django.utils import timezone

from servicescore.selectors.explain_page import explain_page
from servicescore.views.shown import shown
from stores.access import ShopRequest, shop_page


@shop_page()
def explain(request: ShopRequest, shop: str) -> HttpResponse:
    """The change of a total since the day before, in six parts that add up to it."""
    page = explain_page(shop=request.shop, role=request.role, now=timezone.now(), asked=request.GET)
    return shown(request, "servicescore/explain.html", page)
