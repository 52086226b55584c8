"""Accounts as admins keep them: made with a first password, closed and opened again."""

from dataclasses import dataclass
from secrets import token_urlsafe

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from stores.models import User
from stores.selectors.tokens import tokens_of
from stores.services.audit import audit_record
from stores.services.people import admin_grant, admin_revoke, user_create
from stores.services.tokens import token_revoke

PASSWORD_BYTES = 12
MOVES = ("grant", "revoke", "close", "reopen")


@dataclass(frozen=True)
class Invited:
    """A new account with its key, and its first password, which is kept nowhere."""

    key: int
    username: str
    password: str


@transaction.atomic
def account_invite(*, actor: User, username: str, email: str) -> Invited:
    """Make an account with a password nobody can guess. Raises ValidationError as user_create."""
    password = token_urlsafe(PASSWORD_BYTES)
    user = user_create(actor=actor, username=username, password=password, email=email)
    return Invited(user.pk, user.username, password)


@transaction.atomic
def right_change(*, actor: User, key: int, move: str, reason: str) -> None:
    """``grant`` or ``revoke`` the admin right, ``close`` an account or ``reopen`` it.

    Raises ValidationError for an unknown account, for oneself, and where no admin would be left.
    """
    person = User.objects.select_for_update().filter(pk=key).first()
    if person is None:
        raise ValidationError(_("没有这个账号，请核对。"))
    if person.pk == actor.pk:
        raise ValidationError(_("不能改自己的权限，请另一位管理员来改。"))
    if move == "grant":
        admin_grant(actor=actor, user=person, reason=reason)
    elif move == "revoke":
        admin_revoke(actor=actor, user=person, reason=reason)
    else:
        _turn(actor, person, is_open=move == "reopen", reason=reason)


def _turn(actor: User, person: User, *, is_open: bool, reason: str) -> None:
    """Let an account in or keep it out; its sessions and tokens end with it."""
    if person.is_active == is_open:
        return
    if person.is_staff and not is_open:
        raise ValidationError(_("先取消管理员，再停用账号。"))
    if not is_open:
        for token in tokens_of(user=person):
            token_revoke(actor=actor, token=token)
    person.is_active = is_open
    person.save(update_fields=["is_active"])
    audit_record(
        actor=actor, action="user.reopen" if is_open else "user.close", object_type="user",
        object_id=str(person.pk), before={"is_active": not is_open},
        after={"is_active": is_open}, reason=reason,
    )  # fmt: skip
