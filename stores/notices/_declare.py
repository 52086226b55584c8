"""What a kind of notice says of itself."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

from stores.models import Channel, Level, Notification

EVERYBODY = frozenset({"owner", "ops", "admin"})
# Strength by urgency: everything in the product, what is urgent also by e-mail.
DEFAULTS: Mapping[str, str] = {
    Channel.APP: Level.ALL, Channel.EMAIL: Level.URGENT, Channel.WEBHOOK: Level.ALL,
}  # fmt: skip


@dataclass(frozen=True)
class Recipient:
    """Somebody who is told, about which shop if any, and what the words will need."""

    user_id: int
    severity: Notification.Severity
    shop_id: int | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Words:
    """A notification as it is read: a sentence, what stands below it line by line, and where it
    leads.
    """

    title: str
    body: str = ""
    url: str = ""


@dataclass(frozen=True)
class Notice:
    """A kind of notice.

    ``recipients`` gets the payload of the event and looks up who hears of it; a person appears
    once per shop. ``words`` puts a stored notification into the active language without a query.
    ``label`` names the kind where people choose their channels, ``heard_by`` says which roles may
    hear of it, and ``levels`` from how urgent on it is told where nobody chose; without a label it
    cannot be chosen.
    """

    name: str
    recipients: Callable[[Mapping[str, Any]], Iterable[Recipient]]
    words: Callable[[Notification], Words]
    label: Promise | str = ""
    heard_by: frozenset[str] = EVERYBODY
    levels: Mapping[str, str] = field(default_factory=dict)

    def level(self, channel: str) -> str:
        """From how urgent on the kind is told on a channel where nobody chose."""
        return self.levels.get(channel, DEFAULTS[channel])
