"""What the frame of every page needs: theme, language, navigation, shops to switch between."""

from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from shopguard.lib.navigation import NavGroup, NavLink, links_of, navigation
from shopguard.preferences import theme_of
from shopguard.work_due import work_behind
from stores.models import Shop, User
from stores.selectors.notifications import unread_count
from stores.selectors.people import Entry, entries_of

# The switcher lists this many shops; more are found through its search.
SHOPS_LISTED = 12
ROLE_WORDS = {"owner": _("店主"), "ops": _("运营"), "admin": _("管理员")}


class Shell:
    """The frame of one request. Nothing is asked of the database before a template uses it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.shop: Shop | None = getattr(request, "shop", None)

    @cached_property
    def user(self) -> User | None:
        """The person signed in, if any."""
        user = getattr(self.request, "user", None)
        return user if isinstance(user, User) else None

    @cached_property
    def theme(self) -> str:
        """``light``, ``dark``, or empty while the page follows the system."""
        return theme_of(self.request)

    @property
    def is_english(self) -> bool:
        """Whether the page is in English; otherwise it is in Chinese."""
        return (get_language() or "").startswith("en")

    @cached_property
    def role(self) -> str:
        """The person's role in the shop of this page; above the shops, the global one."""
        role = getattr(self.request, "role", None)
        if role:
            return str(role)
        return "admin" if self.user and self.user.is_admin else "ops"

    @property
    def role_word(self) -> Any:
        """The role in words; empty above the shops for someone whose role differs by shop."""
        is_known = getattr(self.request, "role", None) or self.role == "admin"
        return ROLE_WORDS[self.role] if is_known else ""

    @cached_property
    def entries(self) -> list[Entry]:
        """The person's shops by name, one more than are listed when there are more."""
        return entries_of(user=self.user, limit=SHOPS_LISTED + 1) if self.user else []

    @property
    def listed_shops(self) -> list[Shop]:
        """The shops the switcher lists."""
        return [entry.shop for entry in self.entries[:SHOPS_LISTED]]

    @property
    def has_many_shops(self) -> bool:
        """Whether there is anything to switch to."""
        return len(self.entries) > 1

    @property
    def has_more_shops(self) -> bool:
        """Whether the switcher does not list all."""
        return len(self.entries) > SHOPS_LISTED

    @cached_property
    def unread(self) -> int:
        """Notifications the person has not read, counted up to a hundred; one query when drawn."""
        return unread_count(user=self.user) if self.user else 0

    @property
    def is_desk(self) -> bool:
        """Whether this is a page of the admin desk."""
        match = self.request.resolver_match
        return match is not None and match.app_name == "desk"

    @cached_property
    def groups(self) -> tuple[NavGroup, ...]:
        """The side navigation, with the work behind the pages of a shop; one query, kept."""
        shop = self.shop
        return navigation(
            self.request.path,
            self.role,
            shop.external_id if shop else None,
            has_many_shops=self.has_many_shops,
            work=work_behind(self.request, shop, self.role) if shop else {},
        )

    @property
    def tabs(self) -> list[NavLink]:
        """The bottom bar of phones."""
        return [link for link in links_of(self.groups) if link.in_tabbar]


def shell(request: HttpRequest) -> dict[str, Shell]:
    """Context processor: ``shell`` in every template."""
    return {"shell": Shell(request)}
