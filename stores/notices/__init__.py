"""Kinds of notices: one file each, found by its folder; an app registers its own in ``ready()``.

A file declares ``NOTICE``: who hears of an event, how urgent it is, and in which words.
"""

from collections.abc import Set

from shopguard.lib.registry import collect
from stores.models import Notification
from stores.notices._declare import Notice, Words

_notices: dict[str, Notice] = {}


def register_folder(package_name: str) -> None:
    """Make every kind declared in a folder known. Raises ValueError on a name used twice."""
    for notice in collect(package_name, "NOTICE", Notice):
        if _notices.setdefault(notice.name, notice) is not notice:
            raise ValueError(f"two files declare the notice {notice.name}")


def notice_named(name: str) -> Notice:
    """The kind of that name. Raises KeyError."""
    return _notices[name]


def notices_for(roles: Set[str]) -> list[Notice]:
    """The kinds that somebody in one of some roles may hear of and choose, by name."""
    listed = (notice for notice in _notices.values() if notice.label and notice.heard_by & roles)
    return sorted(listed, key=lambda notice: notice.name)


def words_of(notification: Notification) -> Words:
    """A notification in the active language; its kind's name when the kind is gone."""
    notice = _notices.get(notification.kind)
    return notice.words(notification) if notice else Words(notification.kind)
