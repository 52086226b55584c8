"""Consultations, and whether each was answered in time all the way through."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from servicescore.selectors.rows._declare import RULES_OF_DAY, RowSource, excluded

METRIC = "reply_3min_rate"
CLOCK = """extract(epoch FROM date_trunc('second', r.started_at AT TIME ZONE 'Asia/Shanghai')::time)
    ::int"""
IN_HOURS = f"({CLOCK} >= v.opens AND {CLOCK} < v.closes)"
IN_TIME = """coalesce(r.first_reply_seconds < v.lim AND coalesce(r.queue_seconds, 0) < v.lim
    AND coalesce(r.longest_gap_seconds, 0) < v.lim, FALSE)"""

ROWS = RowSource(
    metric=METRIC,
    record="consultation",
    source="stores_consultation r" + RULES_OF_DAY.format(anchor="r.started_at"),
    anchor="r.started_at",
    order="r.order_ref",
    began="r.started_at",
    ended="r.ended_at",
    began_label=pgettext_lazy("column", "开始"),
    ended_label=_("结束"),
    counts=f"r.started_by = 'buyer' AND {IN_HOURS}",
    num=f"({IN_TIME})::int",
    why=f"""CASE WHEN r.started_by <> 'buyer' THEN 'started_by_shop'
        WHEN NOT {IN_HOURS} THEN 'at_night'
        WHEN {IN_TIME} THEN 'in_time'
        WHEN r.first_reply_seconds IS NULL THEN 'never_replied'
        WHEN r.queue_seconds >= v.lim THEN 'slow_queue'
        WHEN r.first_reply_seconds >= v.lim THEN 'slow_first_reply' ELSE 'slow_gap' END""",
    detail="""concat_ws('/', coalesce(r.queue_seconds::text, '?'),
        coalesce(r.first_reply_seconds::text, '?'), coalesce(r.longest_gap_seconds::text, '?'))
        || ' ' || r.agent""",
    out=excluded("consultation", METRIC),
    excluded_only=excluded("consultation", METRIC),
)
