"""The events of a case."""

from aftersales.models import CaseEvent
from stores.models import Shop


def events_of(*, shop: Shop, case_ref: str) -> list[CaseEvent]:
    """Every event of a case, oldest first."""
    rows = CaseEvent.objects.for_shop(shop).filter(case_ref=case_ref)
    return list(rows.order_by("sequence"))


def event_last(*, shop: Shop, case_ref: str) -> CaseEvent | None:
    """The newest event of a case."""
    return CaseEvent.objects.for_shop(shop).filter(case_ref=case_ref).order_by("-sequence").first()
