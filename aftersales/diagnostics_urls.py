"""Addresses of diagnostics, below ``/s/<shop>/diagnostics/``."""

from django.urls import path

from aftersales.views import diagnostics

app_name = "diagnostics"

urlpatterns = [
    path("", diagnostics.findings, name="findings"),
    path("findings.<str:kind>", diagnostics.findings_export, name="findings_export"),
    path("findings/<int:rank>/", diagnostics.finding, name="finding"),
    path("findings/<int:rank>/rows.<str:kind>", diagnostics.finding_rows, name="finding_rows"),
]
