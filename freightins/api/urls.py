"""Addresses of the API of freight insurance."""

from django.urls import path

from freightins.api.checks import CheckList
from freightins.api.choices import CoverChoices
from freightins.api.claims import ClaimList, SignalList, SignalMark
from freightins.api.enrolment import EnrolmentClose, EnrolmentOpen, EnrolmentState
from freightins.api.entries import ChoicesUndo, CostsEntry, FeeEntry, TrialEnd, TrialLook
from freightins.api.invoices import InvoiceAsk, InvoiceList, InvoiceStep
from freightins.api.quotes import QuoteList
from freightins.api.statement import ReconciledList, StatementLineList, StatementMark
from freightins.api.trials import TrialList
from freightins.api.worth import Levers, Promotion, WorthProducts

SHOP = "shops/<str:shop>/insurance/"

urlpatterns = [
    path(SHOP + "cover/", EnrolmentState.as_view(), name="cover_state"),
    path(SHOP + "cover/open/", EnrolmentOpen.as_view(), name="cover_open"),
    path(SHOP + "cover/close/", EnrolmentClose.as_view(), name="cover_close"),
    path(SHOP + "fee/", FeeEntry.as_view(), name="fee_entry"),
    path(SHOP + "costs/", CostsEntry.as_view(), name="costs_entry"),
    path(SHOP + "products/undo/", ChoicesUndo.as_view(), name="cover_undo"),
    path(SHOP + "trials/look/", TrialLook.as_view(), name="trial_look"),
    path(SHOP + "trials/end/", TrialEnd.as_view(), name="trial_end"),
    path(SHOP + "quotes/", QuoteList.as_view(), name="quotes"),
    path(SHOP + "checks/", CheckList.as_view(), name="checks"),
    path(SHOP + "trials/", TrialList.as_view(), name="trials"),
    path(SHOP + "worth/", WorthProducts.as_view(), name="worth"),
    path(SHOP + "levers/", Levers.as_view(), name="levers"),
    path(SHOP + "promotion/", Promotion.as_view(), name="promotion"),
    path(SHOP + "products/", CoverChoices.as_view(), name="cover"),
    path(SHOP + "claims/", ClaimList.as_view(), name="claims"),
    path(SHOP + "signals/", SignalList.as_view(), name="signals"),
    path(SHOP + "signals/mark/", SignalMark.as_view(), name="signal_mark"),
    path(SHOP + "invoices/", InvoiceList.as_view(), name="invoices"),
    path(SHOP + "invoices/ask/", InvoiceAsk.as_view(), name="invoice_ask"),
    path(SHOP + "invoices/step/", InvoiceStep.as_view(), name="invoice_step"),
    path(SHOP + "statement/", ReconciledList.as_view(), name="statement"),
    path(SHOP + "statement/lines/", StatementLineList.as_view(), name="statement_lines"),
    path(SHOP + "statement/mark/", StatementMark.as_view(), name="statement_mark"),
]
