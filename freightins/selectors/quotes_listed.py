"""Quotes as lists show them."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from freightins.models import QuoteRevision
from stores.models import Shop


def quotes_listed(*, shop: Shop, now: datetime) -> QuerySet[QuoteRevision]:
    """The newest published revision of every date and rule set of a shop."""
    rows = QuoteRevision.objects.for_shop(shop).published(now)
    later = rows.filter(
        date=OuterRef("date"),
        rule_set=OuterRef("rule_set"),
        score_rule_set=OuterRef("score_rule_set"),
        revision__gt=OuterRef("revision"),
    )
    return rows.filter(~Exists(later))
