"""Whether the fee model is right, over all shops."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from freightins.selectors.check_total import check_total
from stores.access import admin_page


@admin_page()
def model(request: HttpRequest) -> HttpResponse:
    """Calibration and log loss of all shops together, by size, and shop by shop."""
    page = check_total(given=request.GET, now=timezone.now())
    return render(request, "desk/model.html", {"page": page})
