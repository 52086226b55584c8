"""What a shop's score would be, and how far it is from what it wants."""

from django.http import HttpResponse
from django.utils import timezone

from servicescore.selectors.what_if_page import what_if_page
from servicescore.views.shown import shown
from stores.access import ShopRequest, shop_page


@shop_page()
def what_if(request: ShopRequest, shop: str) -> HttpResponse:
    """Figures of the score moved as the address says; nothing is kept."""
    page = what_if_page(shop=request.shop, role=request.role, now=timezone.now(), asked=request.GET)
    return shown(request, "servicescore/what_if.html", page)
