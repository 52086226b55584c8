"""Where next week's fee is heading: what the night needs to tell it, and what it told."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import QuerySet, Sum

from freightins.models import FeeOutlook, SaleDay
from freightins.selectors.windows import BOUGHT
from servicescore.models import ScoreRevision
from servicescore.models.scores import published_through
from shopguard.lib.days import day_start, shanghai_day
from stores.models import Shop

LAG_DAYS = 180
MOVED_DAYS = 60
# How many days after buying the returns of the last half year came.
LAGS = f"""
    SELECT c.shop_id, greatest(0, (c.applied_at AT TIME ZONE 'Asia/Shanghai')::date
                                  - (({BOUGHT}) AT TIME ZONE 'Asia/Shanghai')::date), count(*)
    FROM aftersales_aftersalecase c
    JOIN stores_order o ON o.shop_id = c.shop_id AND o.external_id = c.order_ref
    WHERE c.shop_id = ANY(%s) AND c.kind IN ('return_refund', 'exchange')
      AND c.applied_at >= %s AND c.applied_at < %s AND {BOUGHT} IS NOT NULL
    GROUP BY 1, 2"""


@dataclass(frozen=True)
class Returning:
    """How a shop's orders come back: by days after buying, and which share of ripe orders did."""

    lags: Mapping[int, int] = field(default_factory=dict)
    share: float = 0.0


def outlook_at(*, shop: Shop, now: datetime) -> FeeOutlook | None:
    """What the newest published night expects of the next billing day; None where that is over.
    One query, none for a shop without a billing weekday.
    """
    if shop.opened_on is None:
        return None
    rows = FeeOutlook.objects.for_shop(shop).filter(
        date__lte=published_through(now), day__gte=shanghai_day(now)
    )
    return rows.order_by("-date").first()


def returning(shop_ids: Sequence[int], day: date, ripe: tuple[date, date]) -> dict[int, Returning]:
    """How the orders of shops come back, as the night of ``day`` knows; ``ripe`` is the first and
    the last day whose share counts. Shops without either are absent.
    """
    keys = list(shop_ids)
    lags: defaultdict[int, dict[int, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(LAGS, [keys, day_start(day - timedelta(days=LAG_DAYS)), day_start(day)])
        for shop, lag, count in cursor.fetchall():
            lags[shop][lag] = count
    sums = _bought(keys, ripe).values_list("shop").annotate(Sum("orders"), Sum("returns"))
    shares = {shop: returns / orders for shop, orders, returns in sums if orders}
    return {
        shop: Returning(lags.get(shop, {}), shares.get(shop, 0.0))
        for shop in lags.keys() | shares.keys()
    }


def waiting_of(
    shop_ids: Sequence[int], day: date, window: tuple[date, date]
) -> dict[int, dict[int, int]]:
    """Orders bought in a window that have not come back, by shop and days before ``day``."""
    found: defaultdict[int, dict[int, int]] = defaultdict(dict)
    rows = _bought(list(shop_ids), window).values_list("shop", "day")
    for shop, bought, orders, returns in rows.annotate(Sum("orders"), Sum("returns")):
        found[shop][(day - bought).days] = orders - returns
    return dict(found)


def totals_of_late(
    shop_ids: Sequence[int], day: date, rule_set: str
) -> dict[int, dict[date, float]]:
    """The totals of the last 60 days up to ``day``, by shop and date; days without are absent."""
    rows = ScoreRevision.objects.filter(
        shop__in=list(shop_ids), rule_set=rule_set,
        date__gt=day - timedelta(days=MOVED_DAYS), date__lte=day,
    )  # fmt: skip
    newest = rows.order_by("shop_id", "date", "-revision").distinct("shop_id", "date")
    found: defaultdict[int, dict[date, float]] = defaultdict(dict)
    for shop, when, total in newest.values_list("shop", "date", "total"):
        if total is not None:
            found[shop][when] = total
    return dict(found)


def _bought(shop_ids: list[int], days: tuple[date, date]) -> QuerySet[SaleDay]:
    return SaleDay.objects.filter(shop__in=shop_ids, product_ref="", day__range=days).order_by()
