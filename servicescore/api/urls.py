"""Addresses of the API of the service score."""

from django.urls import path, register_converter

from servicescore.api.assessment import (
    AssessmentAgents,
    AssessmentDays,
    AssessmentNow,
    AssessmentPenalties,
)
from servicescore.api.metrics import MetricDefinitions
from servicescore.api.modes import ModeNow, ModeOwn, ModeOwnExam, ModeOwnWithdraw, ModePlatform
from servicescore.api.outlooks import (
    ScoreAdvice,
    ScoreCheck,
    ScoreForecast,
    ScoreRules,
)
from servicescore.api.rota import (
    ExamList,
    ExamRecord,
    LiveDetail,
    LiveList,
    ShiftDetail,
    ShiftList,
)
from servicescore.api.samples import SampleDraw, SampleList, SampleMark
from servicescore.api.scores import ScoreList, ScoreReceipt
from servicescore.api.settings import ShopMembers, ShopSettings
from servicescore.api.shops import ShopDetail, ShopList
from servicescore.api.whys import ScoreChange, ScoreGaps, ScoreWhatIf
from shopguard.lib.api.days import DayConverter

register_converter(DayConverter, "day")

SHOP = "shops/<str:shop>/"
SWITCH = SHOP + "service-mode/own/<int:switch>/"

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
    path(SHOP + "assessment/exams/", ExamList.as_view(), name="assessment_exams"),
    path(SHOP + "assessment/exams/record/", ExamRecord.as_view(), name="assessment_exam"),
    path(SHOP + "service-mode/", ModeNow.as_view(), name="service_mode"),
    path(SHOP + "service-mode/own/", ModeOwn.as_view(), name="service_mode_own"),
    path(SWITCH + "exam/", ModeOwnExam.as_view(), name="service_mode_exam"),
    path(SWITCH + "withdraw/", ModeOwnWithdraw.as_view(), name="service_mode_withdraw"),
    path(SHOP + "service-mode/platform/", ModePlatform.as_view(), name="service_mode_platform"),
    path(SHOP + "shifts/", ShiftList.as_view(), name="shifts"),
    path(SHOP + "shifts/<int:shift>/", ShiftDetail.as_view(), name="shift"),
    path(SHOP + "live-sessions/", LiveList.as_view(), name="live_sessions"),
    path(SHOP + "live-sessions/<int:live>/", LiveDetail.as_view(), name="live_session"),
    path(SHOP + "samples/", SampleList.as_view(), name="samples"),
    path(SHOP + "samples/draw/", SampleDraw.as_view(), name="samples_draw"),
    path(SHOP + "samples/<int:sample>/mark/", SampleMark.as_view(), name="sample_mark"),
]
