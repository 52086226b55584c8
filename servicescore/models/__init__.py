"""Records of the service score."""

from servicescore.models.benchmarks import BenchmarkRow
from servicescore.models.daily import DailyRow
from servicescore.models.scores import ScoreRevision, ScoreState

__all__ = ["BenchmarkRow", "DailyRow", "ScoreRevision", "ScoreState"]
