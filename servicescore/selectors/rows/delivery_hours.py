"""Signed orders with the time from the courier's collection."""

from django.utils.translation import gettext_lazy as _

from servicescore.selectors.rows._declare import RowSource, excluded, seconds

METRIC = "delivery_hours"

ROWS = RowSource(
    metric=METRIC,
    record="order",
    source="stores_order r",
    anchor="r.signed_at",
    order="r.external_id",
    began="r.collected_at",
    ended="r.signed_at",
    began_label=_("揽收"),
    ended_label=_("签收"),
    counts="r.collected_at IS NOT NULL",
    num=f"{seconds('r.signed_at')} - {seconds('r.collected_at')}",
    why="CASE WHEN r.collected_at IS NULL THEN 'collection_unknown' ELSE 'counted' END",
    out=excluded("order", METRIC),
    excluded_only=excluded("order", METRIC),
)
