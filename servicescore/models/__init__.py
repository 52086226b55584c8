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
from servicescore.models.scores import ScoreRevision, ScoreState

__all__ = [
    "AssessmentDay",
    "AssessmentPenalty",
    "BenchmarkRow",
    "CourseExam",
    "DailyRow",
    "JudgedSpan",
    "ScoreRevision",
    "ScoreState",
    "ServiceModeSpell",
]
