"""Paid and signed orders, and the complaint tickets on each of them."""

from django.utils.translation import gettext_lazy as _

from servicescore.selectors.rows._declare import PAID, RowSource, excluded

METRIC = "dispute_rate"
TICKETS = f"""
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE t.outcome <> 'withdrawn' AND NOT t.out) AS counted,
               count(*) FILTER (WHERE t.out) AS gone, count(*) AS there,
               coalesce(string_agg(t.external_id, '; ' ORDER BY t.external_id), '') AS told,
               array_agg(t.external_id::text) AS ids
        FROM (
            SELECT t.external_id, t.outcome,
                   {excluded("complaint", METRIC, "t.external_id")} AS out
            FROM stores_complaint t
            WHERE t.shop_id = r.shop_id AND t.order_ref = r.external_id
        ) t
    ) q"""

ROWS = RowSource(
    metric=METRIC,
    record="order",
    source="stores_order r" + TICKETS,
    anchor="r.signed_at",
    order="r.external_id",
    began="r.placed_at",
    ended="r.signed_at",
    began_label=_("下单"),
    ended_label=_("签收"),
    counts=PAID,
    num="q.counted",
    excl=f"CASE WHEN {PAID} THEN x.out::int + q.gone ELSE 0 END",
    why=f"""CASE WHEN NOT {PAID} THEN 'unpaid' WHEN q.counted > 0 THEN 'disputed'
        WHEN q.gone > 0 THEN 'ticket_excluded' WHEN q.there > 0 THEN 'withdrawn'
        ELSE 'no_ticket' END""",
    detail="q.told",
    also="coalesce(q.ids, ARRAY[]::text[])",
    out=excluded("order", METRIC),
    excluded_only=f"""({excluded("order", METRIC)} OR r.external_id IN (
        SELECT t.order_ref FROM stores_complaint t WHERE t.shop_id = %(shop)s
        AND {excluded("complaint", METRIC, "t.external_id")}))""",
    numerator_only="""r.external_id IN (
        SELECT t.order_ref FROM stores_complaint t WHERE t.shop_id = %(shop)s)""",
)
