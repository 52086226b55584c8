"""What takes a moment to work out, kept in the process for a while.

A key names everything the work depends on that can change before the time is over.
"""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.core.cache import cache

T = TypeVar("T")


def kept_for(seconds: int, key: str, work: Callable[[], T]) -> T:
    """What ``work`` gives, worked out once in so many seconds at most."""
    found: Any = cache.get(key)
    if found is None:
        return keep(seconds, key, work())
    result: T = found[0]
    return result


def keep(seconds: int, key: str, found: T) -> T:
    """``found``, kept in place of whatever was kept under the key."""
    cache.set(key, (found,), seconds)
    return found


def forget(keys: Iterable[str]) -> None:
    """What was kept under these keys is worked out anew."""
    cache.delete_many(keys)
