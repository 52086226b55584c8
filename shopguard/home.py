"""The first page after signing in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from stores.access import signed_in


@signed_in()
def home(request: HttpRequest) -> HttpResponse:
    """The person's shops."""
    return render(request, "home/shops.html")
