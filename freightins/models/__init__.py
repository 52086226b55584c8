"""Records of freight insurance."""

from freightins.models.choices import Choice, ChoiceChange, ChoiceSet, ChoiceView
from freightins.models.claims import Claim
from freightins.models.covers import Cover
from freightins.models.enrolments import Consent, Enrolment, EnrolmentEvent
from freightins.models.invoices import InvoiceRequest
from freightins.models.outlooks import FeeOutlook, ProductSale
from freightins.models.quotes import EnteredFee, PricingWindow, QuoteRevision
from freightins.models.signals import FraudSignal
from freightins.models.statements import Reconciled, StatementLine
from freightins.models.trials import Trial, TrialProduct
from freightins.models.worth import Costs, QuoteCheck, SaleDay

__all__ = [
    "Choice",
    "ChoiceChange",
    "ChoiceSet",
    "ChoiceView",
    "Claim",
    "Consent",
    "Costs",
    "Cover",
    "Enrolment",
    "EnrolmentEvent",
    "EnteredFee",
    "FeeOutlook",
    "FraudSignal",
    "InvoiceRequest",
    "PricingWindow",
    "ProductSale",
    "QuoteCheck",
    "QuoteRevision",
    "Reconciled",
    "SaleDay",
    "StatementLine",
    "Trial",
    "TrialProduct",
]
