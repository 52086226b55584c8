"""What every page of freight insurance has around it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from freightins.selectors.enrolments import quote_newest
from servicescore.selectors.as_of import as_of
from stores.access import ShopRequest


def drawn(
    request: ShopRequest, template: str, tab: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """The page with its tab marked, and how far its figures reach."""
    now = timezone.now()
    quote = quote_newest(shop=request.shop, now=now)
    around = {"tab": tab, "as_of": as_of(quote.date, now) if quote else None}
    return render(request, f"freightins/{template}.html", around | context, status=status)
