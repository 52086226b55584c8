"""Addresses of the service score, below ``/s/<shop>/score/``."""

from django.urls import path

from servicescore import views

app_name = "servicescore"

urlpatterns = [
    path("", views.score, name="score"),
]
