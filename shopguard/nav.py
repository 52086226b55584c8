"""The pages above the shops in the navigation."""

from django.utils.translation import gettext_lazy as _

from shopguard.lib.navigation import NavEntry

ENTRIES = (NavEntry(_("全部店铺"), "store", "home", order=10, scope="all", in_tabbar=True),)
