"""The pages of this app in the navigation."""

from django.utils.translation import gettext_lazy as _

from shopguard.lib.navigation import NavEntry

ENTRIES = [
    NavEntry(
        _("违规与申诉"), "gavel", "conduct", order=58, group="daily",
        roles=frozenset({"owner", "admin"}),
    ),
    NavEntry(_("数据导入"), "file-up", "imports", order=90, group="shop"),
]  # fmt: skip
