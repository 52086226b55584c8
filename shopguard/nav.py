"""The pages above the shops in the navigation."""

from django.utils.translation import gettext_lazy as _

from shopguard.lib.navigation import NavEntry

ADMINS = frozenset({"admin"})

ENTRIES = (
    NavEntry(_("总览"), "layout-dashboard", "shop_home", order=15, in_tabbar=True, key="o"),
    NavEntry(_("全部店铺"), "store", "home", order=10, scope="all", in_tabbar=True, key="a"),
    NavEntry(
        _("店铺设置"), "settings", "settings", order=95, group="shop",
        roles=frozenset({"owner", "admin"}),
    ),
    NavEntry(
        _("处罚日志"), "gavel", "desk:penalties", order=100, scope="desk", roles=ADMINS,
        in_tabbar=True, key="p",
    ),
    NavEntry(
        _("入驻申请"), "inbox", "desk:applications", order=104, scope="desk", roles=ADMINS,
    ),
    NavEntry(_("店铺管理"), "store", "desk:shops", order=106, scope="desk", roles=ADMINS),
    NavEntry(_("账号管理"), "users", "desk:people", order=108, scope="desk", roles=ADMINS),
    NavEntry(
        _("夜间任务"), "refresh-cw", "desk:runs", order=110, group="rules", scope="desk",
        roles=ADMINS, in_tabbar=True, key="r",
    ),
    NavEntry(
        _("费率模型"), "target", "desk:model", order=115, group="rules", scope="desk",
        roles=ADMINS, key="m",
    ),
    NavEntry(
        _("审计日志"), "history", "desk:audit", order=120, group="oversight", scope="desk",
        roles=ADMINS, in_tabbar=True, key="u",
    ),
)  # fmt: skip
