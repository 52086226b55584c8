"""Orders with a ship deadline: the rows of both metrics of handing over in time."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from servicescore.selectors.rows._declare import PAID, RowSource, excluded, seconds

CANCELLED_IN_TIME = """coalesce(r.cancelled_at <= r.ship_by
    AND (r.shipped_at IS NULL OR r.shipped_at > r.cancelled_at), FALSE)"""


def due_rows(metric: str, handed_over: str, label: str | Promise) -> RowSource:
    """Orders due, in time when the time in the column ``handed_over`` is not after the deadline."""
    in_time = f"coalesce({seconds(handed_over)} <= {seconds('r.ship_by')}, FALSE)"
    return RowSource(
        metric=metric,
        record="order",
        source="stores_order r",
        anchor="r.ship_by",
        order="r.external_id",
        began="r.ship_by",
        ended=handed_over,
        began_label=_("最晚发货"),
        ended_label=label,
        counts=f"{PAID} AND r.logistics_mode = 'express' AND NOT {CANCELLED_IN_TIME}",
        num=f"({in_time})::int",
        why=f"""CASE WHEN NOT {PAID} THEN 'unpaid'
            WHEN r.logistics_mode <> 'express' THEN 'no_parcel'
            WHEN {CANCELLED_IN_TIME} THEN 'cancelled_in_time'
            WHEN {in_time} THEN 'in_time'
            WHEN {handed_over} IS NULL THEN 'not_yet' ELSE 'late' END""",
        out=excluded("order", metric),
        excluded_only=excluded("order", metric),
    )
