"""Records of the service score."""

from servicescore.models.daily import DailyRow
from servicescore.models.scores import ScoreRevision, ScoreState

__all__ = ["DailyRow", "ScoreRevision", "ScoreState"]
