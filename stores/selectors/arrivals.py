"""Which files of a shop came last, by kind."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce, Now

from stores.models import ImportBatch, Shop, Touch


@dataclass(frozen=True)
class Arrival:
    """The newest file of a kind: what it knows ends with ``as_of``; it was read at ``read_at``."""

    kind: str
    as_of: datetime
    read_at: datetime


def arrivals(*, shop: Shop, kinds: Collection[str]) -> dict[str, Arrival]:
    """The newest file that was applied, by kind. One query.

    A file of the command line may carry rows of many shops and belongs to none: it came for this
    one if it changed a day of it.
    """
    touched = Touch.objects.for_shop(shop).filter(
        batch=OuterRef("pk"),
        created_at__gte=OuterRef("started_at"),
        created_at__lte=Coalesce(OuterRef("finished_at"), Now()),
    )
    newest = (
        ImportBatch.objects.filter(status=ImportBatch.Status.APPLIED, kind__in=kinds)
        .filter(Q(shop=shop) | Q(Exists(touched), shop__isnull=True))
        .order_by("kind", F("as_of").desc(), "-pk")
        .distinct("kind")
    )
    return {
        kind: Arrival(kind, as_of, started_at)
        for kind, as_of, started_at in newest.values_list("kind", "as_of", "started_at")
    }
