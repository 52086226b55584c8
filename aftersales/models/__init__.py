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

__all__ = [
    "AfterSaleCase",
    "AssistantRule",
    "CaseEvent",
    "CaseView",
    "ComplaintWork",
    "GuaranteeTerm",
    "ReplyTemplate",
    "ShopChoice",
]
