"""Addresses of diagnostics, below ``/s/<shop>/diagnostics/``."""

from django.urls import path

from aftersales.views import causes, daily, diagnostics, fixes, money, week

app_name = "diagnostics"

urlpatterns = [
    path("", diagnostics.findings, name="findings"),
    path("findings.<str:kind>", diagnostics.findings_export, name="findings_export"),
    path("findings/<int:rank>/", diagnostics.finding, name="finding"),
    path("findings/<int:rank>/rows.<str:kind>", diagnostics.finding_rows, name="finding_rows"),
    path("daily/", daily.daily, name="daily"),
    path("daily.<str:kind>", daily.daily_export, name="daily_export"),
    path("cuts/", causes.cuts, name="cuts"),
    path("cuts.<str:kind>", causes.cuts_export, name="cuts_export"),
    path("rows/", causes.rows, name="rows"),
    path("rows.<str:kind>", causes.rows_export, name="rows_export"),
    path("product/", causes.product, name="product"),
    path("product.<str:kind>", causes.product_export, name="product_export"),
    path("fixes/", fixes.fixes, name="fixes"),
    path("fixes.<str:kind>", fixes.fixes_export, name="fixes_export"),
    path("fixes/record/", fixes.record, name="fix_record"),
    path("fixes/<int:fix>/", fixes.fix, name="fix"),
    path("fixes/<int:fix>/withdraw/", fixes.withdraw, name="fix_withdraw"),
    path("fixes/<int:fix>/sample/", fixes.sample, name="fix_sample"),
    path("money/", money.money, name="money"),
    path("money.<str:kind>", money.money_export, name="money_export"),
    path("prevention/", money.prevention, name="prevention"),
    path("prevention.<str:kind>", money.prevention_export, name="prevention_export"),
    path("prevention/offer/", money.offer, name="offer"),
    path("week/", week.week, name="week"),
    path("week.<str:kind>", week.week_export, name="week_export"),
]
