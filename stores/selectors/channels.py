"""On which ways a person is told, and how the last sendings went."""

from collections import defaultdict
from collections.abc import Collection

from django.conf import settings

from stores.models import ChannelChoice, Delivery, Membership, Role, User, Webhook
from stores.selectors.people import ADMIN

LAST_SHOWN = 8
Chosen = dict[int, dict[str, str]]


def roles_of(*, user: User) -> set[str]:
    """What a person is anywhere: roles in shops, and ``admin``."""
    roles = set(Membership.objects.filter(user=user).values_list("role", flat=True))
    return roles | ({ADMIN} if user.is_admin else set())


def choices_about(*, kind: str, users: Collection[int]) -> Chosen:
    """What some people chose for a kind: levels by user and channel; absent where nothing was."""
    found = defaultdict[int, dict[str, str]](dict)
    rows = ChannelChoice.objects.filter(kind=kind, user__in=users)
    for user, channel, level in rows.values_list("user_id", "channel", "level"):
        found[user][channel] = level
    return found


def choices_of(*, user: User) -> dict[tuple[str, str], str]:
    """What a person chose, by kind and channel."""
    rows = ChannelChoice.objects.filter(user=user).values_list("kind", "channel", "level")
    return {(kind, channel): level for kind, channel, level in rows}


def mailboxes(*, users: Collection[int]) -> set[int]:
    """Those of some people who can be reached by e-mail."""
    if not settings.EMAIL_IS_ON:
        return set()
    people = User.objects.filter(pk__in=users, is_active=True).exclude(email="")
    return set(people.values_list("pk", flat=True))


def listeners(*, users: Collection[int]) -> set[int]:
    """Those of some people who have a webhook."""
    rows = Webhook.objects.filter(user__in=users, user__is_active=True)
    return set(rows.values_list("user", flat=True))


def webhook_of(*, user: User) -> Webhook | None:
    """The person's webhook, if there is one."""
    return Webhook.objects.filter(user=user).first()


def deliveries_newest(*, user: User) -> list[Delivery]:
    """What was sent to a person last, or is on its way."""
    rows = Delivery.objects.filter(notification__user=user)
    return list(
        rows.select_related("notification", "notification__shop").order_by("-pk")[:LAST_SHOWN]
    )


def members_told() -> list[int]:
    """Keys of the active people who are a member of any shop."""
    rows = Membership.objects.filter(user__is_active=True, role__in=Role.values)
    return sorted(set(rows.values_list("user", flat=True)))
