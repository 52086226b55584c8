"""The pages of the service score in the navigation."""

from django.utils.translation import gettext_lazy as _

from shopguard.lib.navigation import NavEntry

ENTRIES = [
    NavEntry(_("服务分"), "gauge", "servicescore:score", order=20, in_tabbar=True, key="s"),
    NavEntry(_("客服考核"), "headset", "service:service", order=65, group="causes", key="c"),
]
