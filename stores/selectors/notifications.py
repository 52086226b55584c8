"""What a person was told."""

from collections.abc import Collection
from datetime import date

from django.db.models import Count, Q, QuerySet

from shopguard.lib.days import day_start
from stores.models import Notification, User

MOST_COUNTED = 100


def notifications_of(*, user: User) -> QuerySet[Notification]:
    """What a person was told on any way, without the shops they may no longer enter."""
    mine = Notification.objects.filter(user=user)
    if user.is_admin:
        return mine
    return mine.filter(Q(shop=None) | Q(shop__memberships__user=user))


def notifications_newest(*, user: User, only_unread: bool) -> QuerySet[Notification]:
    """What is told in the product, with the shops, the newest first."""
    rows = (
        notifications_of(user=user)
        .filter(in_app=True)
        .select_related("shop")
        .order_by("-created_at", "-pk")
    )
    return rows.filter(read_at=None) if only_unread else rows


def unread_count(*, user: User) -> int:
    """How many a person has not read, counted up to :data:`MOST_COUNTED`; one query."""
    return notifications_of(user=user).filter(read_at=None, in_app=True)[:MOST_COUNTED].count()


def urgent_counts(*, users: Collection[int], first: date, last: date) -> dict[int, int]:
    """How many urgent things each of some people was told from a day on, before another."""
    rows = Notification.objects.filter(
        user__in=users,
        severity=Notification.Severity.URGENT,
        created_at__gte=day_start(first),
        created_at__lt=day_start(last),
    )
    counted = rows.values("user").annotate(n=Count("pk")).values_list("user", "n")
    return dict(counted)
