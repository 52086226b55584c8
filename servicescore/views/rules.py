"""The score under other rules."""

from django.http import HttpResponse
from django.utils import timezone

from servicescore.selectors.rules_page import rules_page
from servicescore.views.shown import shown
from stores.access import ShopRequest, shop_page


@shop_page()
def rules(request: ShopRequest, shop: str) -> HttpResponse:
    """Every rule set side by side for this shop; for staff, who of their shops gains and loses."""
    page = rules_page(
        user=request.user,
        shop=request.shop,
        role=request.role,
        now=timezone.now(),
        asked=request.GET,
    )
    return shown(request, "servicescore/rules_page.html", page)
