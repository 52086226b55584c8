"""Counts the orders of a shop by day of buying, product and cover, so that pages need not."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from freightins.models import SaleDay
from freightins.rules import worth_rules_on
from freightins.selectors.windows import BOUGHT
from shopguard.lib.days import day_start, shanghai_day
from stores.models import Run
from stores.models.facts import LOW_RATING

# A case that brought nothing back is left out, as in the pricing window.
COUNT = f"""
WITH sold AS MATERIALIZED (
    SELECT o.external_id AS ref, {BOUGHT} AS bought, o.buyer_ref AS buyer, o.order_paid AS fen,
           o.is_promotion::int AS promoted,
           (({BOUGHT}) AT TIME ZONE 'Asia/Shanghai')::date AS day,
           CASE c.reason WHEN '' THEN 'on' WHEN 'not_chosen' THEN 'off' ELSE '' END AS cover,
           CASE c.reason WHEN '' THEN coalesce(c.fee, 0) ELSE 0 END AS fee,
           (k.id IS NOT NULL)::int AS claims,
           CASE k.state WHEN 'paid' THEN coalesce(k.amount, 0) ELSE 0 END AS payout
    FROM stores_order o
    LEFT JOIN freightins_cover c ON c.shop_id = o.shop_id AND c.order_ref = o.external_id
    LEFT JOIN freightins_claim k ON k.shop_id = o.shop_id AND k.order_ref = o.external_id
    WHERE o.shop_id = %(shop)s AND {BOUGHT} >= %(since)s AND {BOUGHT} < %(until)s
      AND NOT (o.cancelled_at IS NOT NULL
               AND (o.shipped_at IS NULL OR o.shipped_at > o.cancelled_at))
), lines AS MATERIALIZED (
    SELECT l.order_ref AS ref, l.line_no, l.product_ref AS product,
           coalesce(l.quantity, 1) AS items, l.line_paid AS fen
    FROM stores_orderline l JOIN sold s ON s.ref = l.order_ref WHERE l.shop_id = %(shop)s
), back AS MATERIALIZED (
    SELECT c.order_ref AS ref, c.line_no, c.applied_at AS at
    FROM aftersales_aftersalecase c JOIN sold s ON s.ref = c.order_ref
    WHERE c.shop_id = %(shop)s AND c.kind IN ('return_refund', 'exchange')
      AND c.outcome NOT IN ('cancelled', 'rejected')
      AND NOT (c.outcome = 'closed' AND coalesce(c.refunded, 0) <= 0
               AND c.merchant_received_at IS NULL)
), again AS (
    SELECT DISTINCT b.ref FROM back b JOIN sold s USING (ref)
    JOIN stores_order n ON n.shop_id = %(shop)s AND n.buyer_ref = s.buyer
     AND CASE WHEN n.is_cod THEN n.placed_at ELSE n.paid_at END > b.at
     AND CASE WHEN n.is_cod THEN n.placed_at ELSE n.paid_at END <= b.at + %(again)s
    WHERE s.buyer <> ''
), asked AS (
    SELECT DISTINCT q.order_ref AS ref FROM stores_consultation q
    WHERE q.shop_id = %(shop)s AND q.order_ref <> '' AND q.started_at >= %(since)s
), told AS (
    SELECT r.order_ref AS ref, r.product_ref AS product, count(*) AS reviews,
           count(*) FILTER (WHERE r.rating <= %(low)s) AS bad
    FROM stores_review r JOIN sold s ON s.ref = r.order_ref
    WHERE r.shop_id = %(shop)s GROUP BY 1, 2
), quarrels AS (
    SELECT t.order_ref AS ref FROM stores_complaint t JOIN sold s ON s.ref = t.order_ref
    WHERE t.shop_id = %(shop)s AND t.topic = 'return_freight'
    UNION
    SELECT c.order_ref FROM aftersales_aftersalecase c JOIN sold s ON s.ref = c.order_ref
    WHERE c.shop_id = %(shop)s AND c.kind = 'freight_only'
), units AS (
    SELECT '' AS product, ref, 1 AS parts, 1 AS place, items,
           coalesce(s.fen, n.fen) AS fen
    FROM sold s LEFT JOIN (
        SELECT ref, sum(items) AS items, sum(fen) AS fen FROM lines GROUP BY ref
    ) n USING (ref)
    UNION ALL
    SELECT product, ref, count(*) OVER (PARTITION BY ref), row_number() OVER (
           PARTITION BY ref ORDER BY product), sum(items), sum(fen)
    FROM lines WHERE product <> '' GROUP BY product, ref
), returned AS (
    SELECT '' AS product, ref, min(at) AS at FROM back GROUP BY ref
    UNION ALL
    SELECT l.product, b.ref, min(b.at) FROM back b
    JOIN lines l ON l.ref = b.ref AND (b.line_no IS NULL OR b.line_no = l.line_no)
    WHERE l.product <> '' GROUP BY 1, 2
), reviewed AS (
    SELECT '' AS product, ref, sum(reviews) AS reviews, sum(bad) AS bad FROM told GROUP BY ref
    UNION ALL
    SELECT u.product, t.ref, sum(t.reviews), sum(t.bad) FROM told t
    JOIN units u ON u.ref = t.ref AND u.product <> '' AND t.product IN ('', u.product)
    GROUP BY 1, 2
)
INSERT INTO freightins_saleday (shop_id, product_ref, day, cover, orders, returns, promotions,
    promoted_returns, items, priced, fen, silent, reviews, bad_reviews, disputes, known_returners,
    came_again, claims, fees, payouts)
SELECT %(shop)s, u.product, s.day, s.cover, count(*), count(r.at), sum(s.promoted),
    count(r.at) FILTER (WHERE s.promoted = 1), coalesce(sum(coalesce(u.items, 1)), 0),
    count(u.fen), coalesce(sum(u.fen), 0), count(*) FILTER (WHERE q.ref IS NULL),
    coalesce(sum(v.reviews), 0), coalesce(sum(v.bad), 0), count(d.ref),
    count(*) FILTER (WHERE s.buyer <> '' AND r.at <= %(ripe)s),
    count(*) FILTER (WHERE s.buyer <> '' AND r.at <= %(ripe)s AND a.ref IS NOT NULL),
    sum(s.claims), sum(s.fee / u.parts + (u.place <= s.fee %% u.parts)::int),
    sum(s.payout / u.parts + (u.place <= s.payout %% u.parts)::int)
FROM units u JOIN sold s USING (ref)
LEFT JOIN returned r ON r.ref = u.ref AND r.product = u.product
LEFT JOIN reviewed v ON v.ref = u.ref AND v.product = u.product
LEFT JOIN asked q ON q.ref = u.ref
LEFT JOIN quarrels d ON d.ref = u.ref
LEFT JOIN again a ON a.ref = u.ref
GROUP BY u.product, s.day, s.cover"""

# What the parts hold is known to nobody before they are read, and a plan that took them for a few
# rows would go through all of them for each.
HASHED, ANY_PLAN = "SET LOCAL enable_nestloop = off", "SET LOCAL enable_nestloop = on"


def sale_days_count(*, run_id: int, shop_ids: list[int], now: datetime | None = None) -> None:
    """Count the last days of the shops again, a shop with nothing older further back.

    Only the night of the present day does. Must run inside the caller's transaction.
    """
    now = now or timezone.now()
    day = Run.objects.get(pk=run_id).day
    if day != shanghai_day(now):
        return
    for shop in shop_ids:
        _count(shop, day)


def _count(shop: int, day: date) -> None:
    rules = worth_rules_on(day)
    settled = day - timedelta(days=rules.recounted_days)
    is_known = SaleDay.objects.filter(shop=shop, day__lt=settled).exists()
    first = settled if is_known else day - timedelta(days=rules.kept_days)
    again = timedelta(days=rules.again_days)
    SaleDay.objects.filter(shop=shop, day__gte=first).delete()
    given: dict[str, Any] = {
        "shop": shop, "since": day_start(first), "until": day_start(day), "again": again,
        "ripe": day_start(day) - again, "low": LOW_RATING,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(HASHED)
        cursor.execute(COUNT, given)
        cursor.execute(ANY_PLAN)
