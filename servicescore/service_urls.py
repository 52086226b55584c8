"""Addresses of a shop's customer service."""

from django.urls import path

from servicescore import service_views

app_name = "service"

urlpatterns = [
    path("", service_views.service, name="service"),
    path("exams/", service_views.exam_add, name="exam_record"),
]
