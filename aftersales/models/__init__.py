"""Records of after-sales."""

from aftersales.models.cases import AfterSaleCase, CaseEvent
from aftersales.models.desk import (
    AssistantRule,
    CaseView,
    ComplaintWork,
    GuaranteeTerm,
    ReplyTemplate,
    ShopChoice,
)
from aftersales.models.findings import FindingRow, FindingSet

__all__ = [
    "AfterSaleCase",
    "AssistantRule",
    "CaseEvent",
    "CaseView",
    "ComplaintWork",
    "FindingRow",
    "FindingSet",
    "GuaranteeTerm",
    "ReplyTemplate",
    "ShopChoice",
]
