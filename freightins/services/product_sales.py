"""Counts how often each product was sold and came back, so that the table of choices need not."""

from datetime import date, datetime, timedelta

from django.db import connection
from django.utils import timezone

from freightins.models import ProductSale
from freightins.selectors.products import DAYS
from freightins.selectors.windows import BOUGHT, RETURNED
from shopguard.lib.days import day_start, shanghai_day
from stores.models import Run

# A case without a line number speaks of the whole order.
SOLD = f"""
    INSERT INTO freightins_productsale (shop_id, product_ref, orders, returns)
    SELECT o.shop_id, l.product_ref, count(DISTINCT o.id),
           count(DISTINCT o.id) FILTER (WHERE r.order_ref IS NOT NULL)
    FROM stores_order o
    JOIN stores_orderline l ON l.shop_id = o.shop_id AND l.order_ref = o.external_id
    LEFT JOIN ({RETURNED}) r ON r.shop_id = o.shop_id AND r.order_ref = o.external_id
    WHERE o.shop_id = ANY(%s) AND {BOUGHT} >= %s AND {BOUGHT} < %s AND l.product_ref <> ''
      AND o.shipped_at IS NOT NULL AND o.logistics_mode <> 'none' AND NOT o.is_fraud_risk
    GROUP BY o.shop_id, l.product_ref"""


def product_sales_count(*, run_id: int, shop_ids: list[int], now: datetime | None = None) -> None:
    """Count the products of the shops again.

    Only the night of the present day does. Must run inside the caller's transaction.
    """
    now = now or timezone.now()
    day = Run.objects.get(pk=run_id).day
    if day == shanghai_day(now):
        sales_count(shop_ids=shop_ids, day=day)


def sales_count(*, shop_ids: list[int], day: date) -> None:
    """The same for the days before ``day``."""
    ProductSale.objects.filter(shop__in=shop_ids).delete()
    since, until = day_start(day - timedelta(days=DAYS)), day_start(day)
    with connection.cursor() as cursor:
        cursor.execute(SOLD, [shop_ids, shop_ids, since, until])
