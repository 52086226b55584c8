"""促销前估费: what a planned promotion does to the fee."""

from django.http import HttpResponse
from django.utils import timezone

from freightins.selectors.plan_page import plan_page
from freightins.views.frame import drawn
from stores.access import ShopRequest, shop_page


@shop_page()
def plan(request: ShopRequest, shop: str) -> HttpResponse:
    """The promotion of the query, worked out week by week; a link to it says the same to all."""
    page = plan_page(shop=request.shop, given=request.GET, now=timezone.now())
    return drawn(request, "plan", "worth", page=page)
