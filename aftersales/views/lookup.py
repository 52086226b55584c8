"""The page that finds a record of the shop."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from aftersales.selectors.asked import asked_from
from aftersales.selectors.lookup import lookup
from stores.access import ShopRequest, shop_page
from stores.selectors.arrivals import arrivals


@shop_page()
def search(request: ShopRequest, shop: str) -> HttpResponse:
    """What goes by the number or words asked for; the number of one case leads to its page."""
    found = lookup(
        shop=request.shop, asked=asked_from(request.GET.get("q", "")), now=timezone.now()
    )
    case = found.only_case
    if case is not None:
        return redirect("aftersales:case", shop, case.pk)
    is_lost = not (found.total or found.asked.is_empty)
    newest = arrivals(shop=request.shop, kinds=("orders",)) if is_lost else {}
    context = {"found": found, "newest": newest.get("orders"), "is_search": True}
    return render(request, "aftersales/search.html", context)
