"""What a kind of notice says of itself."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from stores.models import Notification


@dataclass(frozen=True)
class Recipient:
    """Somebody who is told, about which shop if any, and what the words will need."""

    user_id: int
    severity: Notification.Severity
    shop_id: int | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Words:
    """A notification as it is read: a sentence, what stands below it, and where it leads."""

    title: str
    body: str = ""
    url: str = ""


@dataclass(frozen=True)
class Notice:
    """A kind of notice.

    ``recipients`` gets the payload of the event and looks up who hears of it; a person appears
    once per shop. ``words`` puts a stored notification into the active language without a query.
    """

    name: str
    recipients: Callable[[Mapping[str, Any]], Iterable[Recipient]]
    words: Callable[[Notification], Words]
