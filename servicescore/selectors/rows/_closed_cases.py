"""Closed cases: the rows of both metrics of closing time."""

from django.utils.translation import gettext_lazy as _

from servicescore.selectors.rows._declare import RowSource, excluded


def closed_rows(metric: str, kinds: str, num: str, detail: str) -> RowSource:
    """Cases of the kinds (a list in SQL) by the day they were closed."""
    return RowSource(
        metric=metric,
        record="case",
        source="aftersales_aftersalecase r",
        anchor="r.closed_at",
        order="r.order_ref",
        began="r.applied_at",
        ended="r.closed_at",
        began_label=_("申请"),
        ended_label=_("完结"),
        universe=f"r.kind IN ({kinds})",
        counts="r.outcome <> 'open'",
        num=num,
        why="CASE WHEN r.outcome = 'open' THEN 'still_open' ELSE 'counted' END",
        detail=detail,
        out=excluded("case", metric),
        excluded_only=excluded("case", metric),
    )
