"""Addresses of the admin desk."""

from django.urls import path

from shopguard.desk import audit, delay_reports, model, onboarding, penalties, people, runs

app_name = "desk"

urlpatterns = [
    path("", runs.desk, name="home"),
    path("runs/", runs.runs, name="runs"),
    path("runs/<int:run>/", runs.run, name="run"),
    path("runs/<int:run>/retry/", runs.run_again, name="run_retry"),
    path("shards/<int:shard>/retry/", runs.shard_again, name="shard_retry"),
    path("delay-reports/<int:report>/", delay_reports.delay_report, name="delay_report"),
    path("penalties/", penalties.penalties, name="penalties"),
    path("penalties/new/", penalties.penalty_new, name="penalty_new"),
    path("penalties/decide/", penalties.penalties_decide, name="penalties_decide"),
    path("penalties/export/<str:kind>/", penalties.penalties_export, name="penalties_export"),
    path("penalties/views/", penalties.penalties_view_save, name="penalties_view_save"),
    path(
        "penalties/views/<int:penalty_view>/drop/",
        penalties.penalties_view_drop,
        name="penalties_view_drop",
    ),
    path("penalties/<int:violation>/", penalties.penalty, name="penalty"),
    path("penalties/<int:violation>/weigh/", penalties.penalty_weigh, name="penalty_weigh"),
    path(
        "penalties/<int:violation>/undo/<int:version>/",
        penalties.penalty_undo,
        name="penalty_undo",
    ),
    path("appeals/<int:appeal>/decide/", penalties.appeal_decide, name="appeal_decide"),
    path("model/", model.model, name="model"),
    path("applications/", onboarding.applications, name="applications"),
    path("applications/<int:application>/", onboarding.application, name="application"),
    path(
        "applications/<int:application>/word/",
        onboarding.application_word,
        name="application_word",
    ),
    path(
        "applications/<int:application>/deposit/",
        onboarding.application_deposit,
        name="application_deposit",
    ),
    path("shops/", people.shops, name="shops"),
    path("people/", people.people, name="people"),
    path("people/right/", people.person_right, name="person_right"),
    path("audit/", audit.audit, name="audit"),
    path("audit/export/<str:kind>/", audit.audit_export, name="audit_export"),
]
