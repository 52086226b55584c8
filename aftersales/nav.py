"""The pages of after-sales in the navigation."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shopguard.lib.navigation import NavEntry

ENTRIES = (
    NavEntry(
        pgettext_lazy("navigation", "售后案件"),
        "undo-2",
        "aftersales:cases",
        order=30,
        group="daily",
        in_tabbar=True,
        key="c",
    ),
    NavEntry(_("发货与包裹"), "truck", "orders", order=40, group="daily", key="p"),
    NavEntry(_("评价"), "star", "reviews", order=50, group="daily", key="v"),
    NavEntry(_("投诉"), "scale", "complaints", order=55, group="daily", key="t"),
    NavEntry(
        _("退款诊断"),
        "scan-search",
        "diagnostics:findings",
        order=60,
        group="causes",
        key="d",
    ),
)
