"""Addresses of the API of after-sales."""

from django.urls import path

from aftersales.api.cases import CaseList
from aftersales.api.events import CaseEventList, CaseSteps
from aftersales.api.findings import FindingList
from aftersales.api.fixes import FixList

urlpatterns = [
    path("shops/<str:shop>/aftersales/", CaseList.as_view(), name="aftersales"),
    path("shops/<str:shop>/aftersales/events/", CaseEventList.as_view(), name="case_events"),
    path("shops/<str:shop>/aftersales/steps/", CaseSteps.as_view(), name="case_steps"),
    path("shops/<str:shop>/findings/", FindingList.as_view(), name="findings"),
    path("shops/<str:shop>/fixes/", FixList.as_view(), name="fixes"),
]
