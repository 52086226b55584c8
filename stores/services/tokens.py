"""Tokens of programs: made by a person, shown once, ended by expiry or by hand."""

import hashlib
from datetime import datetime, timedelta
from secrets import token_urlsafe

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stores.models import ApiToken, User
from stores.selectors.tokens import token_with_hash, tokens_of
from stores.services.audit import audit_record

# Tells a token from any other secret, also to programs that look for leaked ones.
MARK = "sgt_"
SECRET_BYTES = 32
PREFIX_CHARS = 10
MOST_TOKENS = 20
MOST_DAYS = 366
# Not every request writes: a use within a minute of the one noted is not noted again.
NOTED_EVERY = timedelta(minutes=1)


@transaction.atomic
def token_create(
    *, user: User, name: str, days: int, can_write: bool = False
) -> tuple[ApiToken, str]:
    """Make a token that lasts ``days``; returns its row and the secret, which is not kept.

    Raises ValidationError for a missing name, a lifetime outside 1 to :data:`MOST_DAYS` days, or
    when the person has :data:`MOST_TOKENS` tokens.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if not name.strip():
        raise ValidationError({"name": _("请写明令牌给谁用。")})
    if not 1 <= days <= MOST_DAYS:
        raise ValidationError({"days": _("有效期为 1 到 %(most)d 天。") % {"most": MOST_DAYS}})
    if tokens_of(user=user).count() >= MOST_TOKENS:
        raise ValidationError(_("最多 %(most)d 个令牌。请先停用一个。") % {"most": MOST_TOKENS})
    secret = MARK + token_urlsafe(SECRET_BYTES)
    now = timezone.now()
    token = ApiToken.objects.create(
        user=user,
        name=name.strip(),
        prefix=secret[:PREFIX_CHARS],
        hash=_hash(secret),
        can_write=can_write,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    _audit(user, token, "token.create")
    return token, secret


@transaction.atomic
def token_revoke(*, actor: User | str, token: ApiToken) -> None:
    """End a token at once; nothing happens when it has ended already."""
    row = ApiToken.objects.select_for_update().get(pk=token.pk)
    if row.revoked_at is not None:
        return
    row.revoked_at = timezone.now()
    row.save(update_fields=["revoked_at"])
    _audit(actor, row, "token.revoke")


def token_use(*, secret: str) -> ApiToken | None:
    """The valid token behind a secret, its use noted; None when there is none."""
    now = timezone.now()
    token = token_with_hash(_hash(secret), now=now)
    if token is not None and _is_worth_noting(token, now):
        token.last_used_at = now
        token.save(update_fields=["last_used_at"])
    return token


def _is_worth_noting(token: ApiToken, now: datetime) -> bool:
    return token.last_used_at is None or now - token.last_used_at >= NOTED_EVERY


def _hash(secret: str) -> str:
    """A plain hash will do: the secret is random, there is nothing to guess."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _audit(actor: User | str, token: ApiToken, action: str) -> None:
    audit_record(
        actor=actor,
        action=action,
        object_type="token",
        object_id=str(token.pk),
        after={
            "user": token.user.username,
            "name": token.name,
            "prefix": token.prefix,
            "can_write": token.can_write,
            "expires_at": token.expires_at.isoformat(),
        },
    )
