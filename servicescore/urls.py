"""Addresses of the service score, below ``/s/<shop>/score/``."""

from django.urls import path

from servicescore import views

app_name = "servicescore"

urlpatterns = [
    path("", views.score, name="score"),
    path("metrics.<str:kind>", views.score_metrics, name="metrics_export"),
    path("metrics/<str:metric>/", views.metric, name="metric"),
    path("metrics/<str:metric>/rows.<str:kind>", views.metric_rows, name="metric_rows"),
]
