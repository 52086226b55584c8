"""Signed orders, and the quality cases each of them has."""

from django.utils.translation import gettext_lazy as _

from servicescore.calc.events import NORMAL_FORMS
from servicescore.selectors.rows._declare import (
    BLANKS,
    RULES_OF_DAY,
    RowSource,
    excluded,
    excluded_ids,
)

METRIC = "quality_refund_rate"
WIDE = "".join(chr(code) for code in NORMAL_FORMS)
NARROW = "".join(chr(code) for code in NORMAL_FORMS.values())
QUALITY_CASES = f"""
    CROSS JOIN LATERAL (
        SELECT coalesce(bool_or(NOT c.out), FALSE) AS bad, coalesce(bool_or(c.out), FALSE) AS gone,
               coalesce(string_agg(c.external_id || ' ' || btrim(c.reason, '{BLANKS}'), '; '), '')
                   AS told,
               array_agg(c.external_id::text) AS ids
        FROM (
            SELECT c.external_id, c.reason, {excluded("case", METRIC, "c.external_id")} AS out
            FROM aftersales_aftersalecase c
            WHERE c.shop_id = r.shop_id AND c.order_ref = r.external_id
              AND c.kind <> 'freight_only' AND c.outcome <> 'cancelled'
              AND btrim(translate(c.reason, '{WIDE}', '{NARROW}'), '{BLANKS}')
                  = ANY(string_to_array(v.reasons, chr(31)))
        ) c
    ) q"""

ROWS = RowSource(
    metric=METRIC,
    record="order",
    source="stores_order r" + RULES_OF_DAY.format(anchor="r.signed_at") + QUALITY_CASES,
    anchor="r.signed_at",
    order="r.external_id",
    began="r.placed_at",
    ended="r.signed_at",
    began_label=_("下单"),
    ended_label=_("签收"),
    num="q.bad::int",
    why="CASE WHEN q.bad OR q.gone THEN 'quality_case' ELSE 'no_quality_case' END",
    detail="q.told",
    also="coalesce(q.ids, ARRAY[]::text[])",
    out=f"(q.gone AND NOT q.bad OR {excluded('order', METRIC)})",
    excluded_only=f"""(r.external_id IN ({excluded_ids("order", METRIC)}) OR r.external_id IN (
        SELECT c.order_ref FROM aftersales_aftersalecase c WHERE c.shop_id = %(shop)s
        AND {excluded("case", METRIC, "c.external_id")}))""",
    numerator_only="""r.external_id IN (
        SELECT c.order_ref FROM aftersales_aftersalecase c WHERE c.shop_id = %(shop)s)""",
)
