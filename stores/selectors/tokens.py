"""Tokens of programs."""

from datetime import datetime

from django.db.models import QuerySet

from stores.models import ApiToken, User


def tokens_of(*, user: User) -> QuerySet[ApiToken]:
    """The tokens of a person that were not revoked, expired ones included, newest first."""
    return ApiToken.objects.filter(user=user, revoked_at=None).order_by("-created_at", "-pk")


def token_with_hash(digest: str, *, now: datetime) -> ApiToken | None:
    """The token of that hash with its person, if both may be used at ``now``."""
    return (
        ApiToken.objects.select_related("user")
        .filter(hash=digest, revoked_at=None, expires_at__gt=now, user__is_active=True)
        .first()
    )
