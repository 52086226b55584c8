"""Addresses of the admin desk."""

from django.urls import path

from shopguard.desk import audit, delay_reports, runs

app_name = "desk"

urlpatterns = [
    path("", runs.desk, name="home"),
    path("runs/", runs.runs, name="runs"),
    path("runs/<int:run>/", runs.run, name="run"),
    path("runs/<int:run>/retry/", runs.run_again, name="run_retry"),
    path("shards/<int:shard>/retry/", runs.shard_again, name="shard_retry"),
    path("delay-reports/<int:report>/", delay_reports.delay_report, name="delay_report"),
    path("audit/", audit.audit, name="audit"),
    path("audit/export/<str:kind>/", audit.audit_export, name="audit_export"),
]
