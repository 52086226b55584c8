"""Cases somebody of the shop has yet to act on."""

from django.db.models import QuerySet

from aftersales.models import AfterSaleCase
from stores.models import Shop


def cases_open(*, shop: Shop) -> QuerySet[AfterSaleCase]:
    """Open cases with a deadline; an index holds just the open ones."""
    return AfterSaleCase.objects.for_shop(shop).filter(outcome="open", due_at__isnull=False)
