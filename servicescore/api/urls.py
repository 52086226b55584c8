"""Addresses of the API of the service score."""

from django.urls import path, register_converter

from servicescore.api.metrics import MetricDefinitions
from servicescore.api.scores import ScoreList, ScoreReceipt
from servicescore.api.shops import ShopDetail, ShopList
from shopguard.lib.api.days import DayConverter

register_converter(DayConverter, "day")

SHOP = "shops/<str:shop>/"

urlpatterns = [
    path("shops/", ShopList.as_view(), name="shops"),
    path(SHOP, ShopDetail.as_view(), name="shop"),
    path(SHOP + "metrics/", MetricDefinitions.as_view(), name="metrics"),
    path(SHOP + "scores/", ScoreList.as_view(), name="scores"),
    path(SHOP + "scores/<day:day>/", ScoreReceipt.as_view(), name="score"),
]
