"""Addresses of the service score, below ``/s/<shop>/score/``."""

from django.urls import URLPattern

app_name = "servicescore"

urlpatterns: list[URLPattern] = []
