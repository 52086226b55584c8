"""Addresses of a shop's customer service."""

from django.urls import path

from servicescore import rota_views, service_views

app_name = "service"

urlpatterns = [
    path("", service_views.service, name="service"),
    path("exams/", service_views.exam_add, name="exam_record"),
    path("rota/", rota_views.rota, name="rota"),
    path("rota/shifts/", rota_views.shift_new, name="shift_new"),
    path("rota/shifts/<int:shift>/drop/", rota_views.shift_end, name="shift_end"),
    path("rota/live/", rota_views.live_new, name="live_new"),
    path("rota/live/<int:live>/drop/", rota_views.live_end, name="live_end"),
]
