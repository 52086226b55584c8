"""What a person was told."""

from django.db.models import Q, QuerySet

from stores.models import Notification, User

MOST_COUNTED = 100


def notifications_of(*, user: User) -> QuerySet[Notification]:
    """The notifications of a person, without those of shops they may no longer enter."""
    mine = Notification.objects.filter(user=user)
    if user.is_admin:
        return mine
    return mine.filter(Q(shop=None) | Q(shop__memberships__user=user))


def notifications_newest(*, user: User, only_unread: bool) -> QuerySet[Notification]:
    """The same with their shops, the newest first."""
    rows = notifications_of(user=user).select_related("shop").order_by("-created_at", "-pk")
    return rows.filter(read_at=None) if only_unread else rows


def unread_count(*, user: User) -> int:
    """How many a person has not read, counted up to :data:`MOST_COUNTED`; one query."""
    return notifications_of(user=user).filter(read_at=None)[:MOST_COUNTED].count()
