"""Addresses of a shop's customer service."""

from django.urls import path

from servicescore import mode_views, rota_views, sample_views, service_views

app_name = "service"

urlpatterns = [
    path("", service_views.service, name="service"),
    path("exams/", service_views.exam_add, name="exam_record"),
    path("mode/", mode_views.mode, name="mode"),
    path("mode/own/", mode_views.own_ask, name="own_ask"),
    path("mode/own/<int:switch>/exam/", mode_views.own_exam, name="own_exam"),
    path("mode/own/<int:switch>/withdraw/", mode_views.own_withdraw, name="own_withdraw"),
    path("mode/platform/", mode_views.platform_take, name="platform_take"),
    path("rota/", rota_views.rota, name="rota"),
    path("rota/shifts/", rota_views.shift_new, name="shift_new"),
    path("rota/shifts/<int:shift>/drop/", rota_views.shift_end, name="shift_end"),
    path("rota/live/", rota_views.live_new, name="live_new"),
    path("rota/live/<int:live>/drop/", rota_views.live_end, name="live_end"),
    path("samples/", sample_views.samples, name="samples"),
    path("samples/draw/", sample_views.samples_new, name="samples_draw"),
    path("samples/<int:sample>/", sample_views.sample, name="sample"),
    path("samples/<int:sample>/mark/", sample_views.sample_score, name="sample_mark"),
]
