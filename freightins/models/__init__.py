"""Records of freight insurance."""

from freightins.models.choices import Choice, ChoiceChange, ChoiceSet, ChoiceView
from freightins.models.claims import Claim
from freightins.models.covers import Cover
from freightins.models.enrolments import Consent, Enrolment, EnrolmentEvent
from freightins.models.quotes import EnteredFee, PricingWindow, QuoteRevision

__all__ = [
    "Choice",
    "ChoiceChange",
    "ChoiceSet",
    "ChoiceView",
    "Claim",
    "Consent",
    "Cover",
    "Enrolment",
    "EnrolmentEvent",
    "EnteredFee",
    "PricingWindow",
    "QuoteRevision",
]
