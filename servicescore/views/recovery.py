"""What is to come: the total expected, and when the days that hurt leave the window."""

from django.http import HttpResponse
from django.utils import timezone

from servicescore.selectors.recovery_page import recovery_page
from servicescore.views.shown import shown
from stores.access import ShopRequest, shop_page


@shop_page()
def recovery(request: ShopRequest, shop: str) -> HttpResponse:
    """The sixty days ahead if the shop goes on as it does now."""
    page = recovery_page(
        shop=request.shop, role=request.role, now=timezone.now(), asked=request.GET
    )
    return shown(request, "servicescore/recovery.html", page)
