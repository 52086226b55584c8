"""The side navigation, put together from what each app says it has.

An app lists its pages in ``<app>/nav.py`` as ``ENTRIES``; nothing else has to know of a new page.
"""

import re
from collections.abc import Iterator, Mapping
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
class WorkDue:
    """How much work waits behind a page, and whether any of it is due today or overdue."""

    count: int
    is_due_today: bool


NO_WORK = WorkDue(0, is_due_today=False)
# More than this is told as that it is more.
MOST_TOLD = 99


@dataclass(frozen=True)
class NavLink:
    """An entry as it is drawn for one person and shop."""

    label: str
    icon: str
    url: str
    in_tabbar: bool
    is_current: bool
    key: str
    work: WorkDue = NO_WORK

    @property
    def told_count(self) -> str:
        """The work behind the page as the navigation shows it; empty when there is none."""
        if self.work.count > MOST_TOLD:
            return f"{MOST_TOLD}+"
        return str(self.work.count or "")


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
    path: str,
    role: str,
    shop_key: str | None,
    *,
    has_many_shops: bool,
    work: Mapping[str, WorkDue],
) -> tuple[NavGroup, ...]:
    """The groups one person sees: ``shop_key`` is the shop whose page this is, if any, and
    ``work`` what waits behind pages, by the name of their address.
    """
    visible = [
        (entry, _url(entry, shop_key))
        for entry in entries()
        if role in entry.roles and _is_reachable(entry, shop_key, has_many_shops)
    ]
    current = max((url for _, url in visible if _covers(url, path)), key=len, default="")
    groups = []
    for key, title in GROUPS.items():
        links = tuple(
            _link(entry, url, work, is_current=url == current)
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


def _link(entry: NavEntry, url: str, work: Mapping[str, WorkDue], *, is_current: bool) -> NavLink:
    return NavLink(
        label=str(entry.label),
        icon=entry.icon,
        url=url,
        in_tabbar=entry.in_tabbar,
        is_current=is_current,
        key=entry.key,
        work=work.get(entry.url_name, NO_WORK),
    )


def _is_reachable(entry: NavEntry, shop_key: str | None, has_many_shops: bool) -> bool:
    if entry.scope == "shop":
        return shop_key is not None
    return has_many_shops if entry.scope == "all" else shop_key is None


def _url(entry: NavEntry, shop_key: str | None) -> str:
    return reverse(entry.url_name, args=[shop_key] if entry.scope == "shop" else [])


def _covers(url: str, path: str) -> bool:
    """Whether a page is of an entry; the overview of a shop stands for itself alone."""
    return path == url or (url != "/" and not OVERVIEW.fullmatch(url) and path.startswith(url))
