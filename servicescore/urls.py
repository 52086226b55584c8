"""Addresses of the service score, below ``/s/<shop>/score/``."""

from django.urls import path

from servicescore.views import explain, receipt, recovery, rules, score, what_if

app_name = "servicescore"

urlpatterns = [
    path("", score.score, name="score"),
    path("metrics.<str:kind>", score.score_metrics, name="metrics_export"),
    path("metrics/<str:metric>/", score.metric, name="metric"),
    path("metrics/<str:metric>/rows.<str:kind>", score.metric_rows, name="metric_rows"),
    path("explain/", explain.explain, name="explain"),
    path("what-if/", what_if.what_if, name="what_if"),
    path("recovery/", recovery.recovery, name="recovery"),
    path("receipt/", receipt.receipt, name="receipt"),
    path("rules/", rules.rules, name="rules"),
    path("receipt/inputs.<str:kind>", receipt.receipt_inputs, name="receipt_inputs"),
]
