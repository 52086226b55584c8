"""Addresses of the API of after-sales."""

from django.urls import path

from aftersales.api.case_work import CaseBulkSteps, CaseNotes, CaseUndo
from aftersales.api.cases import CaseList
from aftersales.api.causes import RootCauses
from aftersales.api.complaint_work import ComplaintWorkList
from aftersales.api.desk import (
    AssistantRuleDetail,
    AssistantRules,
    CaseServices,
    CaseServicesSwitch,
    GuaranteeNow,
    GuaranteeTerms,
)
from aftersales.api.events import CaseEventList, CaseSteps
from aftersales.api.findings import FindingList, FindingSearch
from aftersales.api.fixes import FixList
from aftersales.api.lookup import Search
from aftersales.api.money import ReturnCosts, WeekReturns
from aftersales.api.prevention import PreventionList, PreventionLists
from aftersales.api.queues import CaseQueues
from aftersales.api.replies import CaseViewDetail, CaseViews, Replies, ReplyDrop
from aftersales.api.return_rows import FindingRowList, ReturnRowList
from aftersales.api.samples import FixSamples, FixWithdraw
from aftersales.api.shipping import OrdersToShip, ShippingWarnings, StuckParcels
from aftersales.api.sums import DailyReturns, ReturnCuts
from aftersales.api.talk import ComplaintAnswers, Offers, ReviewAnswers
from aftersales.api.talk_counts import ComplaintCounts, ReviewCounts, ReviewInvitations
from aftersales.api.verdicts import VerdictList

SHOP = "shops/<str:shop>/"
CASES = SHOP + "aftersales/"

urlpatterns = [
    path(CASES, CaseList.as_view(), name="aftersales"),
    path(CASES + "queues/", CaseQueues.as_view(), name="case_queues"),
    path(CASES + "verdicts/", VerdictList.as_view(), name="case_verdicts"),
    path(CASES + "events/", CaseEventList.as_view(), name="case_events"),
    path(CASES + "steps/", CaseSteps.as_view(), name="case_steps"),
    path(CASES + "steps/many/", CaseBulkSteps.as_view(), name="case_bulk_steps"),
    path(CASES + "steps/undo/", CaseUndo.as_view(), name="case_undo"),
    path(CASES + "notes/", CaseNotes.as_view(), name="case_notes"),
    path(CASES + "services/", CaseServices.as_view(), name="case_services"),
    path(CASES + "services/switch/", CaseServicesSwitch.as_view(), name="case_services_switch"),
    path(CASES + "services/rules/", AssistantRules.as_view(), name="assistant_rules"),
    path(
        CASES + "services/rules/<int:rule>/", AssistantRuleDetail.as_view(), name="assistant_rule"
    ),
    path(CASES + "guarantee/", GuaranteeNow.as_view(), name="guarantee"),
    path(CASES + "guarantee/terms/", GuaranteeTerms.as_view(), name="guarantee_terms"),
    path(CASES + "replies/", Replies.as_view(), name="replies"),
    path(CASES + "replies/drop/", ReplyDrop.as_view(), name="reply_drop"),
    path(CASES + "views/", CaseViews.as_view(), name="case_views"),
    path(CASES + "views/<int:case_view>/", CaseViewDetail.as_view(), name="case_view"),
    path(SHOP + "diagnostics/daily/", DailyReturns.as_view(), name="daily_returns"),
    path(SHOP + "diagnostics/cuts/", ReturnCuts.as_view(), name="return_cuts"),
    path(SHOP + "diagnostics/money/", ReturnCosts.as_view(), name="return_costs"),
    path(SHOP + "diagnostics/week/", WeekReturns.as_view(), name="week_returns"),
    path(SHOP + "diagnostics/product/", RootCauses.as_view(), name="root_causes"),
    path(SHOP + "diagnostics/rows/", ReturnRowList.as_view(), name="return_rows"),
    path(SHOP + "diagnostics/prevention/", PreventionList.as_view(), name="prevention"),
    path(
        SHOP + "diagnostics/prevention/lists/", PreventionLists.as_view(), name="prevention_lists"
    ),
    path(SHOP + "findings/search/", FindingSearch.as_view(), name="finding_search"),
    path(SHOP + "findings/rows/", FindingRowList.as_view(), name="finding_rows"),
    path(SHOP + "findings/", FindingList.as_view(), name="findings"),
    path(SHOP + "fixes/", FixList.as_view(), name="fixes"),
    path(SHOP + "fixes/<int:fix>/withdraw/", FixWithdraw.as_view(), name="fix_withdraw"),
    path(SHOP + "fixes/<int:fix>/samples/", FixSamples.as_view(), name="fix_samples"),
    path(SHOP + "orders/warnings/", ShippingWarnings.as_view(), name="shipping_warnings"),
    path(SHOP + "orders/to-ship/", OrdersToShip.as_view(), name="orders_to_ship"),
    path(SHOP + "parcels/stuck/", StuckParcels.as_view(), name="stuck_parcels"),
    path(SHOP + "reviews/counts/", ReviewCounts.as_view(), name="review_counts"),
    path(SHOP + "reviews/invitations/", ReviewInvitations.as_view(), name="review_invitations"),
    path(SHOP + "complaints/counts/", ComplaintCounts.as_view(), name="complaint_counts"),
    path(SHOP + "reviews/answers/", ReviewAnswers.as_view(), name="review_answers"),
    path(SHOP + "complaints/answers/", ComplaintAnswers.as_view(), name="complaint_answers"),
    path(SHOP + "complaints/work/", ComplaintWorkList.as_view(), name="complaint_work"),
    path(SHOP + "search/", Search.as_view(), name="search"),
    path(SHOP + "offers/", Offers.as_view(), name="offers"),
]
