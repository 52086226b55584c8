"""Scores as lists: the shops of a person with their newest score, one row per date of a shop."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import OuterRef, Q, QuerySet, Subquery

from servicescore.models import ScoreRevision
from servicescore.models.scores import ScoreQuerySet, published_through
from servicescore.selectors.score_page import STAFF_ROLES
from servicescore.selectors.scores import ShopRow, preferred, shops_table, visible
from stores.models import Shop, User
from stores.selectors.people import shops_of, staffed_shops


def shops_listed(*, user: User, now: datetime) -> QuerySet[Shop]:
    """The shops a person may enter, with ``score_state``: that of the newest score they may see."""
    rows = ScoreRevision.objects.finished().filter(shop=OuterRef("pk"))
    if not user.is_admin:
        early = Q(shop__in=staffed_shops(user=user))
        rows = rows.filter(Q(date__lte=published_through(now)) | early)
    state = preferred(rows).values("state")[:1]
    return shops_of(user=user).annotate(score_state=Subquery(state))


def newest_scores(*, roles: Mapping[int, str], now: datetime) -> dict[int, ShopRow]:
    """The newest score of each shop in ``roles`` that a person of that role may see."""
    early = [pk for pk, role in roles.items() if role in STAFF_ROLES]
    return shops_table(list(roles), now=now, pending_for=early, days=1)


def scores_listed(*, shop: Shop, now: datetime, staff: bool) -> ScoreQuerySet:
    """One revision per score date: the one a person is shown for it, in no particular order."""
    rows = preferred(visible(now=now, staff=staff).for_shop(shop)).distinct("date")
    return ScoreRevision.objects.filter(pk__in=rows.values("pk")).select_related("shop")
