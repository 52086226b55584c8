"""Addresses of freight insurance, below ``/s/<shop>/insurance/``."""

from django.urls import path

from freightins.views import (
    check,
    choices,
    claims,
    enrolment,
    fee,
    invoices,
    plan,
    signals,
    statement,
    trials,
    worth,
)

app_name = "freightins"

urlpatterns = [
    path("", enrolment.home, name="home"),
    path("open/", enrolment.opening, name="open"),
    path("close/", enrolment.closing, name="close"),
    path("products/", choices.products, name="products"),
    path("products/preview/", choices.preview, name="preview"),
    path("products/file/", choices.from_file, name="from_file"),
    path("products/change/", choices.change, name="change"),
    path("products/views/", choices.save_view, name="save_view"),
    path("products/undo/<int:choice_set>/", choices.undo, name="undo"),
    path("products/products.<str:kind>", choices.products_export, name="products_export"),
    path("fee/", fee.fee, name="fee"),
    path("fee/enter/", fee.enter, name="enter_fee"),
    path("claims/", claims.claims, name="claims"),
    path("claims/claims.<str:kind>", claims.claims_export, name="claims_export"),
    path("check/", check.check, name="check"),
    path("check/weeks.<str:kind>", check.check_export, name="check_export"),
    path("claims/reasons/", claims.reasons, name="reasons"),
    path("claims/reasons/reasons.<str:kind>", claims.reasons_export, name="reasons_export"),
    path("claims/signals/", signals.signals, name="signals"),
    path("claims/signals/mark/", signals.signal_mark, name="signal_mark"),
    path("claims/signals/signals.<str:kind>", signals.signals_export, name="signals_export"),
    path("statement/", statement.statement, name="statement"),
    path("statement/invoices/", invoices.invoices, name="invoices"),
    path("statement/invoices/ask/", invoices.invoice_ask, name="invoice_ask"),
    path("statement/invoices/<int:invoice>/", invoices.invoice_move, name="invoice_move"),
    path(
        "statement/invoices/invoices.<str:kind>", invoices.invoices_export, name="invoices_export"
    ),
    path("statement/mark/", statement.statement_mark, name="statement_mark"),
    path("statement/statement.<str:kind>", statement.statement_export, name="statement_export"),
    path("worth/", worth.worth, name="worth"),
    path("worth/costs/", worth.costs, name="costs"),
    path("worth/plan/", plan.plan, name="plan"),
    path("worth/trials/", trials.trials, name="trials"),
    path("worth/trials/begin/", trials.begin, name="trial_begin"),
    path("worth/trials/look/", trials.look, name="trial_look"),
    path("worth/trials/<int:trial>/", trials.trial, name="trial"),
    path("worth/trials/<int:trial>/end/", trials.end, name="trial_end"),
    path("worth/products/", worth.worth_products, name="worth_products"),
    path("worth/products.<str:kind>", worth.worth_export, name="worth_export"),
    path("fee/fees.<str:kind>", fee.fees_export, name="fees_export"),
]
