"""Cases somebody of the shop has yet to act on."""

from django.db.models import QuerySet

from aftersales.models import AfterSaleCase
from stores.models import Shop


def cases_open(*, shop: Shop) -> QuerySet[AfterSaleCase]:
    """Cases that are not closed and have a deadline; an index holds just these."""
    return AfterSaleCase.objects.for_shop(shop).filter(
        closed_at__isnull=True, outcome="open", deadline_at__isnull=False
    )
