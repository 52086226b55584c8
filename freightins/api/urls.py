"""Addresses of the API of freight insurance."""

from django.urls import path

from freightins.api.checks import CheckList
from freightins.api.choices import CoverChoices
from freightins.api.quotes import QuoteList

SHOP = "shops/<str:shop>/insurance/"

urlpatterns = [
    path(SHOP + "quotes/", QuoteList.as_view(), name="quotes"),
    path(SHOP + "checks/", CheckList.as_view(), name="checks"),
    path(SHOP + "products/", CoverChoices.as_view(), name="cover"),
]
