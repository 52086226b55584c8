"""The side navigation, put together from what each app says it has.

An app lists its pages in ``<app>/nav.py`` as ``ENTRIES``; nothing else has to know of a new page.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Groups in the order they stand; the first has no heading.
GROUPS: dict[str, Promise | str] = {
    "": "",
    "daily": _("日常处理"),
    "causes": _("找原因"),
    "shop": _("店铺"),
    "rules": _("规则与运行"),
    "oversight": _("监督"),
}
OVERVIEW = re.compile(r"/s/[^/]+/")


@dataclass(frozen=True)
class NavEntry:
    """A page that has its place in the navigation.

    ``scope`` is ``shop`` for a page of one shop (its URL takes the shop), ``all`` for one above the
    shops, ``desk`` for one of the admin desk. ``roles`` names who sees it, ``in_tabbar`` puts
    it on the bottom bar of phones. ``key`` is the letter that leads there after ``g``.
    """

    label: Promise
    icon: str
    url_name: str
    order: int
    group: str = ""
    scope: str = "shop"
    roles: frozenset[str] = frozenset({"owner", "ops", "admin"})
    in_tabbar: bool = False
    key: str = ""


@dataclass(frozen=True)
class NavLink:
    """An entry as it is drawn for one person and shop."""

    label: str
    icon: str
    url: str
    in_tabbar: bool
    is_current: bool
    key: str


@dataclass(frozen=True)
class NavGroup:
    """A heading, perhaps empty, and its links."""

    title: str
    links: tuple[NavLink, ...]


@cache
def entries() -> tuple[NavEntry, ...]:
    """Every entry of every app, in order. Raises TypeError, naming the app, for anything else."""
    found: list[NavEntry] = []
    for config in apps.get_app_configs():
        name = f"{config.name}.nav"
        if find_spec(name) is None:
            continue
        for entry in import_module(name).ENTRIES:
            if not isinstance(entry, NavEntry) or entry.group not in GROUPS:
                raise TypeError(f"{name}.ENTRIES holds {entry!r}, not a NavEntry of a known group")
            found.append(entry)
    return tuple(sorted(found, key=lambda entry: entry.order))


def navigation(
    path: str, role: str, shop_key: str | None, *, has_many_shops: bool
) -> tuple[NavGroup, ...]:
    """The groups one person sees: ``shop_key`` is the shop whose page this is, if any."""
    visible = [
        (entry, _url(entry, shop_key))
        for entry in entries()
        if role in entry.roles and _is_reachable(entry, shop_key, has_many_shops)
    ]
    current = max((url for _, url in visible if _covers(url, path)), key=len, default="")
    groups = []
    for key, title in GROUPS.items():
        links = tuple(
            NavLink(str(entry.label), entry.icon, url, entry.in_tabbar, url == current, entry.key)
            for entry, url in visible
            if entry.group == key
        )
        if links:
            groups.append(NavGroup(str(title), links))
    return tuple(groups)


def links_of(groups: tuple[NavGroup, ...]) -> Iterator[NavLink]:
    """Every link of some groups."""
    for group in groups:
        yield from group.links


def _is_reachable(entry: NavEntry, shop_key: str | None, has_many_shops: bool) -> bool:
    if entry.scope == "shop":
        return shop_key is not None
    return has_many_shops if entry.scope == "all" else shop_key is None


def _url(entry: NavEntry, shop_key: str | None) -> str:
    return reverse(entry.url_name, args=[shop_key] if entry.scope == "shop" else [])


def _covers(url: str, path: str) -> bool:
    """Whether a page is of an entry; the overview of a shop stands for itself alone."""
    return path == url or (url != "/" and not OVERVIEW.fullmatch(url) and path.startswith(url))
