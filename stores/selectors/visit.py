"""One person's look at one shop: who looks, when, and what was read for it already."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from stores.models import Shop

T = TypeVar("T")


@dataclass(frozen=True)
class Visit:
    """A shop as a person of ``role`` sees it at ``now``.

    Panels do not know of each other. What several of them need is a function of the visit, and
    :meth:`once` calls it for the first who asks only.
    """

    shop: Shop
    role: str
    now: datetime
    _read: dict[Callable[..., Any], Any] = field(default_factory=dict, repr=False, compare=False)

    def once(self, read: "Callable[[Visit], T]") -> T:
        """What ``read`` says of this visit; where it failed, the same exception for all who ask."""
        if read not in self._read:
            try:
                self._read[read] = read(self)
            except Exception as failure:
                self._read[read] = _Failed(failure)
        found = self._read[read]
        if isinstance(found, _Failed):
            raise found.failure
        told: T = found
        return told


@dataclass(frozen=True)
class _Failed:
    """What a read raised."""

    failure: Exception
