"""Addresses of the API of shops and what is imported about them."""

from django.urls import path

from stores.api.appeals import AppealDetail, AppealList, AppealPaperFile, AppealPaperSend
from stores.api.audit import AuditList
from stores.api.channels import (
    Addresses,
    ChannelTrial,
    EmailAddress,
    EmailProof,
    WebhookAddress,
)
from stores.api.complaints import ComplaintList
from stores.api.consultations import ConsultationList
from stores.api.delay_reports import DelayReportDecision, DelayReportList
from stores.api.desk import (
    AppealDecision,
    ApplicationDecision,
    ApplicationDeposit,
    ApplicationQueue,
    PenaltyDecision,
    PenaltyList,
    PenaltyUndo,
    PenaltyWeigh,
)
from stores.api.imports import ImportDetail, ImportList
from stores.api.invitations import InvitationList
from stores.api.me import Me, Preferences, TokenDetail, TokenList
from stores.api.notifications import Channels, NotificationList, NotificationsRead
from stores.api.onboarding import (
    ApplicationDetail,
    ApplicationList,
    ApplicationOpen,
    ApplicationPaperFile,
    ApplicationPaperSend,
    ApplicationSubmit,
    ApplicationWithdraw,
)
from stores.api.orders import OrderList
from stores.api.parcels import ParcelList
from stores.api.penalty_views import PenaltyViewDetail, PenaltyViewList
from stores.api.people import PersonList, PersonRight
from stores.api.products import ProductList
from stores.api.reviews import ReviewList
from stores.api.runs import RunDetail, RunList
from stores.api.shop_images import ShopImageFile, ShopImageList
from stores.api.standing import StandingNow
from stores.api.todo import TodoList
from stores.api.uploads import UploadDetail, UploadList, UploadRejected, UploadSend
from stores.api.violations import ViolationList

SHOP = "shops/<str:shop>/"
ONE = "onboarding/<int:application>/"

urlpatterns = [
    path(SHOP + "todo/", TodoList.as_view(), name="todo"),
    path(SHOP + "products/", ProductList.as_view(), name="products"),
    path(SHOP + "orders/", OrderList.as_view(), name="orders"),
    path(SHOP + "parcels/", ParcelList.as_view(), name="parcels"),
    path(SHOP + "violations/", ViolationList.as_view(), name="violations"),
    path(SHOP + "standing/", StandingNow.as_view(), name="standing"),
    path(SHOP + "appeals/", AppealList.as_view(), name="appeals"),
    path(SHOP + "appeals/<int:appeal>/", AppealDetail.as_view(), name="appeal"),
    path(
        SHOP + "appeals/<int:appeal>/papers/", AppealPaperSend.as_view(), name="appeal_paper_send"
    ),
    path(SHOP + "appeal-papers/<int:paper>/", AppealPaperFile.as_view(), name="appeal_paper"),
    path(SHOP + "reviews/", ReviewList.as_view(), name="reviews"),
    path(SHOP + "complaints/", ComplaintList.as_view(), name="complaints"),
    path(SHOP + "consultations/", ConsultationList.as_view(), name="consultations"),
    path(SHOP + "delay-reports/", DelayReportList.as_view(), name="delay_reports"),
    path(SHOP + "imports/", ImportList.as_view(), name="imports"),
    path(SHOP + "imports/<int:batch>/", ImportDetail.as_view(), name="import"),
    path(SHOP + "images/", ShopImageList.as_view(), name="shop_images"),
    path(SHOP + "images/<int:image>/", ShopImageFile.as_view(), name="shop_image"),
    path("imports/", UploadSend.as_view(), name="import_send"),
    path(SHOP + "uploads/", UploadList.as_view(), name="uploads"),
    path(SHOP + "uploads/<int:upload>/", UploadDetail.as_view(), name="upload"),
    path(
        SHOP + "uploads/<int:upload>/rejected/<str:kind>/",
        UploadRejected.as_view(),
        name="upload_rejected",
    ),
    path("runs/", RunList.as_view(), name="runs"),
    path("runs/<int:run>/", RunDetail.as_view(), name="run"),
    path("audit/", AuditList.as_view(), name="audit"),
    path("onboarding/", ApplicationList.as_view(), name="applications"),
    path(ONE, ApplicationDetail.as_view(), name="application"),
    path(ONE + "submit/", ApplicationSubmit.as_view(), name="application_submit"),
    path(ONE + "withdraw/", ApplicationWithdraw.as_view(), name="application_withdraw"),
    path(ONE + "open/", ApplicationOpen.as_view(), name="application_open"),
    path(ONE + "papers/", ApplicationPaperSend.as_view(), name="application_paper_send"),
    path(ONE + "papers/<int:sheet>/", ApplicationPaperFile.as_view(), name="application_paper"),
    path("applications/", ApplicationQueue.as_view(), name="application_queue"),
    path(
        "applications/<int:application>/decision/",
        ApplicationDecision.as_view(),
        name="application_decision",
    ),
    path(
        "applications/<int:application>/deposit/",
        ApplicationDeposit.as_view(),
        name="application_deposit",
    ),
    path("invitations/", InvitationList.as_view(), name="invitations"),
    path("people/", PersonList.as_view(), name="people"),
    path("people/<int:person>/right/", PersonRight.as_view(), name="person_right"),
    path("delay-reports/decision/", DelayReportDecision.as_view(), name="delay_report_decision"),
    path("penalties/", PenaltyList.as_view(), name="penalties"),
    path("penalties/decide/", PenaltyDecision.as_view(), name="penalties_decide"),
    path("penalties/<int:violation>/undo/", PenaltyUndo.as_view(), name="penalty_undo"),
    path("penalties/<int:violation>/weigh/", PenaltyWeigh.as_view(), name="penalty_weigh"),
    path("penalty-views/", PenaltyViewList.as_view(), name="penalty_views"),
    path("penalty-views/<int:penalty_view>/", PenaltyViewDetail.as_view(), name="penalty_view"),
    path("appeals/<int:appeal>/decision/", AppealDecision.as_view(), name="appeal_decision"),
    path("me/", Me.as_view(), name="me"),
    path("me/preferences/", Preferences.as_view(), name="preferences"),
    path("me/notifications/", NotificationList.as_view(), name="notifications"),
    path("me/notifications/read/", NotificationsRead.as_view(), name="notifications_read"),
    path("me/channels/", Channels.as_view(), name="channels"),
    path("me/channels/trial/", ChannelTrial.as_view(), name="channel_trial"),
    path("me/addresses/", Addresses.as_view(), name="addresses"),
    path("me/webhook/", WebhookAddress.as_view(), name="webhook"),
    path("me/email/", EmailAddress.as_view(), name="email"),
    path("me/email/proof/", EmailProof.as_view(), name="email_proof"),
    path("me/tokens/", TokenList.as_view(), name="tokens"),
    path("me/tokens/<int:token>/", TokenDetail.as_view(), name="token"),
]
