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
from aftersales.models.findings import FindingRow, FindingSet, ReturnSumsRow
from aftersales.models.fixes import Fix, FixEffect, ReturnLoyalty, SampleCheck, WinBackOffer

__all__ = [
    "AfterSaleCase",
    "AssistantRule",
    "CaseEvent",
    "CaseView",
    "ComplaintWork",
    "FindingRow",
    "FindingSet",
    "Fix",
    "FixEffect",
    "GuaranteeTerm",
    "ReplyTemplate",
    "ReturnLoyalty",
    "ReturnSumsRow",
    "SampleCheck",
    "ShopChoice",
    "WinBackOffer",
]
