"""The cases of a week, summed up in the database: by day, by first reason, by product."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from shopguard.lib.days import day_start
from stores.models import Shop
from stores.models.facts import LOW_RATING

OF_WEEK = """c.shop_id = %s AND c.applied_at >= %s AND c.applied_at < %s
    AND c.kind <> 'freight_only' AND c.outcome <> 'cancelled'"""
BY_DAY = f"""
    SELECT (c.applied_at AT TIME ZONE 'Asia/Shanghai')::date, c.reason, min(c.id), count(*),
           count(*) FILTER (WHERE c.first_reply_at <= c.applied_at + make_interval(mins => %s))
    FROM aftersales_aftersalecase c WHERE {OF_WEEK} GROUP BY 1, 2 ORDER BY 1, 3"""
# A case that names no line is of the only line of its order that has a product.
BY_PRODUCT = f"""
    SELECT top.*,
           (SELECT p.title FROM stores_product p
            WHERE p.shop_id = %s AND p.external_id = top.ref),
           (SELECT count(*) FROM stores_review r
            WHERE r.shop_id = %s AND r.product_ref = top.ref AND r.rating <= {LOW_RATING}
              AND r.created_at >= %s AND r.created_at < %s)
    FROM (SELECT l.product_ref AS ref, count(*) AS n,
                 count(*) FILTER (WHERE c.reason = ANY(%s::text[])), coalesce(sum(c.refunded), 0)
          FROM aftersales_aftersalecase c
          JOIN stores_orderline l ON l.shop_id = c.shop_id AND l.order_ref = c.order_ref
           AND l.product_ref <> '' AND (l.line_no = c.line_no OR (c.line_no IS NULL AND NOT EXISTS (
               SELECT FROM stores_orderline other
               WHERE other.shop_id = l.shop_id AND other.order_ref = l.order_ref
                 AND other.product_ref <> '' AND other.id <> l.id)))
          WHERE {OF_WEEK} GROUP BY 1 ORDER BY n DESC, l.product_ref COLLATE "C" LIMIT %s) top
    ORDER BY top.n DESC, top.ref COLLATE "C" """


@dataclass(frozen=True)
class ReasonOfDay:
    """Cases of a day with a first reason; ``first`` is the key of the earliest, ``answered`` how
    many were first answered within the target.
    """

    day: date
    reason: str
    first: int
    count: int
    answered: int


@dataclass(frozen=True)
class ProductRow:
    """A product of the week; ``low_reviews`` have one to three stars."""

    ref: str
    title: str
    returns: int
    quality: int
    fen: int
    low_reviews: int


def reasons_of_days(
    *, shop: Shop, first: date, last: date, target_minutes: int
) -> list[ReasonOfDay]:
    """The cases applied for from ``first`` to ``last``. One query."""
    return [ReasonOfDay(*row) for row in _rows(BY_DAY, [target_minutes, *_week(shop, first, last)])]


def products_of_week(
    *, shop: Shop, first: date, last: date, quality: Sequence[str], most: int
) -> list[ProductRow]:
    """The products that come back most; ``quality`` are the reasons that count as it. One query."""
    week = _week(shop, first, last)
    rows = _rows(BY_PRODUCT, [shop.pk, *week, list(quality), *week, most])
    return [
        ProductRow(ref, title or ref, n, k, int(fen), low) for ref, n, k, fen, title, low in rows
    ]


def _week(shop: Shop, first: date, last: date) -> list[Any]:
    return [shop.pk, day_start(first), day_start(last + timedelta(days=1))]


def _rows(sql: str, given: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
