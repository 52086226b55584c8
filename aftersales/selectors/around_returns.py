"""What goes with returns and has a day of its own: replies, closed cases, complaints."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import connection

from shopguard.lib.days import day_number, day_start

DAY = "extract(epoch FROM date_trunc('day', {} AT TIME ZONE 'Asia/Shanghai'))::bigint / 86400"
CONSULTATIONS = f"""
    SELECT c.shop_id, {DAY.format("c.started_at")}, count(*),
           percentile_cont(0.5) WITHIN GROUP (ORDER BY c.first_reply_seconds)
    FROM unnest(%s::bigint[]) AS s(shop) JOIN stores_consultation c ON c.shop_id = s.shop
     AND c.started_at >= %s AND c.started_at < %s
    WHERE c.started_by = 'buyer' GROUP BY 1, 2"""
CLOSED = f"""
    SELECT c.shop_id, {DAY.format("c.closed_at")}, count(*),
           sum(greatest(0, extract(epoch FROM c.closed_at - c.applied_at)
                           - coalesce(c.waiting_buyer_seconds, 0)))
    FROM unnest(%s::bigint[]) AS s(shop) JOIN aftersales_aftersalecase c ON c.shop_id = s.shop
     AND c.closed_at >= %s AND c.closed_at < %s
    WHERE c.outcome IN ('completed', 'closed') AND c.kind <> 'freight_only' GROUP BY 1, 2"""
OPENED = f"""
    SELECT c.shop_id, {DAY.format("c.opened_at")}, count(*), NULL
    FROM unnest(%s::bigint[]) AS s(shop) JOIN stores_complaint c ON c.shop_id = s.shop
     AND c.opened_at >= %s AND c.opened_at < %s GROUP BY 1, 2"""


def days_around(
    *, shop_ids: Sequence[int], day: date, window_days: int
) -> dict[int, list[list[int | None]]]:
    """Per shop and day of the window: [consultations of buyers, median seconds to the first reply,
    cases closed, seconds of the shop's own time in them, complaints opened].
    """
    first = day_number(day) - window_days + 1
    since = day_start(day - timedelta(days=window_days - 1))
    until = day_start(day + timedelta(days=1))
    found: dict[int, list[list[int | None]]] = {
        shop: [[0, None, 0, 0, 0] for _ in range(window_days)] for shop in shop_ids
    }
    for place, sql in ((0, CONSULTATIONS), (2, CLOSED), (4, OPENED)):
        with connection.cursor() as cursor:
            cursor.execute(sql, [list(shop_ids), since, until])
            for shop, number, count, amount in cursor.fetchall():
                row = found[shop][int(number) - first]
                row[place] = count
                if amount is not None:
                    row[place + 1] = round(amount)
    return found
