"""Records of freight insurance."""

from freightins.models.claims import Claim
from freightins.models.quotes import EnteredFee, PricingWindow, QuoteRevision

__all__ = ["Claim", "EnteredFee", "PricingWindow", "QuoteRevision"]
