"""Somebody tries out the ways they are told on."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from stores.models import Channel, Level, Notification
from stores.notices._declare import Notice, Recipient, Words


def recipients(event: Mapping[str, Any]) -> Iterator[Recipient]:
    """The person who asked, by key as ``user``."""
    yield Recipient(event["user"], Notification.Severity.INFO)


def words(told: Notification) -> Words:
    """That it works."""
    return Words(_("这是一条试发的通知"), _("能读到它，这条路就是通的。"), reverse("channels"))


NOTICE = Notice("channel_trial", recipients, words, levels=dict.fromkeys(Channel, Level.ALL))
