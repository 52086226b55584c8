"""Addresses of the API of after-sales."""

from django.urls import path

from aftersales.api.cases import CaseList

urlpatterns = [
    path("shops/<str:shop>/aftersales/", CaseList.as_view(), name="aftersales"),
]
