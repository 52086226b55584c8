"""The pages of after-sales in the navigation."""

from django.utils.translation import gettext_lazy as _

from shopguard.lib.navigation import NavEntry

ENTRIES = (
    NavEntry(
        _("售后案件"),
        "undo-2",
        "aftersales:cases",
        order=30,
        group="daily",
        in_tabbar=True,
        key="c",
    ),
)
