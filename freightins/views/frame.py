"""What every page of freight insurance has around it."""

from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone

from freightins.selectors.enrolments import quote_newest
from servicescore.selectors.as_of import as_of
from stores.access import ShopRequest

LONGEST_REASON = 200


def typed(given: QueryDict, name: str, most: int = LONGEST_REASON) -> str:
    """What somebody typed into a field, without outer blanks and what no record can hold."""
    return given.get(name, "").replace("\x00", "").strip()[:most]


def drawn(
    request: ShopRequest, template: str, tab: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """The page with its tab marked, and how far its figures reach."""
    now = timezone.now()
    quote = quote_newest(shop=request.shop, now=now)
    around = {"tab": tab, "as_of": as_of(quote.date, now) if quote else None}
    return render(request, f"freightins/{template}.html", around | context, status=status)
