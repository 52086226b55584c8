"""Records of the service score and of the assessment of customer service."""

from servicescore.models.assessment import (
    AssessmentDay,
    AssessmentPenalty,
    CourseExam,
    JudgedSpan,
    ServiceModeSpell,
)
from servicescore.models.benchmarks import BenchmarkRow
from servicescore.models.daily import DailyRow
from servicescore.models.mode import ModeExam, ModeSwitch
from servicescore.models.rota import AgentShift, LiveSession
from servicescore.models.samples import QualitySample
from servicescore.models.scores import ScoreRevision, ScoreState

__all__ = [
    "AgentShift",
    "AssessmentDay",
    "AssessmentPenalty",
    "BenchmarkRow",
    "CourseExam",
    "DailyRow",
    "JudgedSpan",
    "LiveSession",
    "ModeExam",
    "ModeSwitch",
    "QualitySample",
    "ScoreRevision",
    "ScoreState",
    "ServiceModeSpell",
]
