"""Records of after-sales."""

from aftersales.models.cases import AfterSaleCase, CaseEvent

__all__ = ["AfterSaleCase", "CaseEvent"]
