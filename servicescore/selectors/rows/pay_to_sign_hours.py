"""Signed orders with the time from payment, or from placing for cash on delivery."""

from django.utils.translation import gettext_lazy as _

from servicescore.selectors.rows._declare import PAID, RowSource, excluded, seconds

METRIC = "pay_to_sign_hours"
BEGAN = "CASE WHEN r.is_cod THEN r.placed_at ELSE r.paid_at END"

ROWS = RowSource(
    metric=METRIC,
    record="order",
    source="stores_order r",
    anchor="r.signed_at",
    order="r.external_id",
    began=BEGAN,
    ended="r.signed_at",
    began_label=_("支付"),
    ended_label=_("签收"),
    counts=PAID,
    num=f"{seconds('r.signed_at')} - {seconds(BEGAN)}",
    why=f"CASE WHEN NOT {PAID} THEN 'unpaid' WHEN r.is_cod THEN 'cod' ELSE 'counted' END",
    mode="r.trade_mode",
    out=excluded("order", METRIC),
    excluded_only=excluded("order", METRIC),
)
