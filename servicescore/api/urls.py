"""Addresses of the API of the service score."""

from django.urls import path, register_converter

from servicescore.api.assessment import (
    AssessmentAgents,
    AssessmentDays,
    AssessmentNow,
    AssessmentPenalties,
)
from servicescore.api.metrics import MetricDefinitions
from servicescore.api.outlooks import (
    ScoreAdvice,
    ScoreCheck,
    ScoreForecast,
    ScoreRules,
)
from servicescore.api.scores import ScoreList, ScoreReceipt
from servicescore.api.settings import ShopMembers, ShopSettings
from servicescore.api.shops import ShopDetail, ShopList
from servicescore.api.whys import ScoreChange, ScoreGaps, ScoreWhatIf
from shopguard.lib.api.days import DayConverter

register_converter(DayConverter, "day")

SHOP = "shops/<str:shop>/"

urlpatterns = [
    path("shops/", ShopList.as_view(), name="shops"),
    path(SHOP, ShopDetail.as_view(), name="shop"),
    path(SHOP + "settings/", ShopSettings.as_view(), name="shop_settings"),
    path(SHOP + "settings/members/", ShopMembers.as_view(), name="shop_members"),
    path(SHOP + "metrics/", MetricDefinitions.as_view(), name="metrics"),
    path(SHOP + "scores/", ScoreList.as_view(), name="scores"),
    path(SHOP + "scores/<day:day>/", ScoreReceipt.as_view(), name="score"),
    path(SHOP + "scores/<day:day>/change/", ScoreChange.as_view(), name="score_change"),
    path(SHOP + "scores/<day:day>/what-if/", ScoreWhatIf.as_view(), name="score_what_if"),
    path(SHOP + "scores/<day:day>/forecast/", ScoreForecast.as_view(), name="score_forecast"),
    path(SHOP + "scores/<day:day>/rules/", ScoreRules.as_view(), name="score_rules"),
    path(SHOP + "scores/<day:day>/advice/", ScoreAdvice.as_view(), name="score_advice"),
    path(SHOP + "scores/<day:day>/check/", ScoreCheck.as_view(), name="score_check"),
    path(SHOP + "scores/<day:day>/gaps/", ScoreGaps.as_view(), name="score_gaps"),
    path(SHOP + "assessment/", AssessmentNow.as_view(), name="assessment"),
    path(SHOP + "assessment/days/", AssessmentDays.as_view(), name="assessment_days"),
    path(SHOP + "assessment/penalties/", AssessmentPenalties.as_view(), name="assessment_history"),
    path(SHOP + "assessment/agents/", AssessmentAgents.as_view(), name="assessment_agents"),
]
