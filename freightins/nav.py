"""The pages of freight insurance in the navigation."""

from django.utils.translation import gettext_lazy as _

from shopguard.lib.navigation import NavEntry

ENTRIES = [
    NavEntry(_("运费险"), "shield-check", "freightins:home", order=30, in_tabbar=True, key="f"),
]
