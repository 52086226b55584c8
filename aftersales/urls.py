"""Addresses of after-sales, below the shop."""

from django.urls import path

from aftersales.views import cases, services, settings, workbench

app_name = "aftersales"
urlpatterns = [
    path("", workbench.cases, name="cases"),
    path("export/<str:kind>/", workbench.cases_export, name="cases_export"),
    path("bulk/", workbench.cases_bulk, name="cases_bulk"),
    path("views/", workbench.view_save, name="view_save"),
    path("views/<int:view>/drop/", workbench.view_drop, name="view_drop"),
    path("cases/<int:case>/", cases.case, name="case"),
    path("cases/<int:case>/step/", cases.case_do, name="case_do"),
    path("cases/<int:case>/keep/", cases.case_keep, name="case_keep"),
    path("cases/<int:case>/undo/<int:version>/", cases.case_take_back, name="case_undo"),
    path("replies/", settings.replies, name="replies"),
    path("services/", services.services, name="services"),
    path("services/set/", services.services_set, name="services_set"),
    path("services/rules/", services.rule_add, name="rule_add"),
    path("services/rules/<int:rule>/drop/", services.rule_drop, name="rule_drop"),
    path("guarantee/", settings.guarantee, name="guarantee"),
    path("guarantee/days/", settings.guarantee_days, name="guarantee_days"),
    path("guarantee/term/", settings.guarantee_term, name="guarantee_term"),
]
