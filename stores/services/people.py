"""Accounts, memberships and preferences. Every change of a right leaves an audit row."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from stores.models import Membership, Role, Shop, User
from stores.selectors.people import owner_count
from stores.selectors.tokens import tokens_of
from stores.services.audit import audit_record
from stores.services.tokens import token_revoke


@transaction.atomic
def user_create(
    *, actor: User | str, username: str, password: str, email: str = "", is_admin: bool = False
) -> User:
    """Create an account. Raises ValidationError for a bad or taken name, a bad address or a weak
    password; its messages say what is missing.
    """
    user = User(username=username, email=User.objects.normalize_email(email), is_staff=is_admin)
    if email:
        validate_email(email)
    validate_password(password, user)
    user.set_password(password)
    user.full_clean()
    user.save()
    audit_record(
        actor=actor,
        action="user.create",
        object_type="user",
        object_id=str(user.pk),
        after={"username": user.username, "is_admin": is_admin},
    )
    return user


@transaction.atomic
def admin_grant(*, actor: User | str, user: User, reason: str = "") -> None:
    """Make a person an admin; nothing happens when they are one.

    Tokens the person made before end: they would carry the new right without its second factor.
    """
    person = User.objects.select_for_update().get(pk=user.pk)
    if person.is_staff:
        return
    for token in tokens_of(user=person):
        token_revoke(actor=actor, token=token)
    _set_admin(actor, person, is_admin=True, reason=reason)
    user.is_staff = True


@transaction.atomic
def admin_revoke(*, actor: User | str, user: User, reason: str = "") -> None:
    """Take the admin right away. Raises ValidationError when no admin would be left."""
    admins = User.objects.select_for_update().filter(is_staff=True, is_active=True).order_by("pk")
    left = [admin.pk for admin in admins if admin.pk != user.pk]
    person = User.objects.select_for_update().get(pk=user.pk)
    if not person.is_staff:
        return
    if not left:
        raise ValidationError(_("这是最后一位管理员，请先指定另一位。"))
    _set_admin(actor, person, is_admin=False, reason=reason)
    user.is_staff = False


def _set_admin(actor: User | str, person: User, *, is_admin: bool, reason: str) -> None:
    person.is_staff = is_admin
    person.save(update_fields=["is_staff"])
    audit_record(
        actor=actor,
        action="admin.grant" if is_admin else "admin.revoke",
        object_type="user",
        object_id=str(person.pk),
        before={"is_admin": not is_admin},
        after={"is_admin": is_admin},
        reason=reason,
    )


@transaction.atomic
def password_change(*, actor: User | str, user: User, password: str) -> None:
    """Set a new password, which ends every other session of the person.

    Raises ValidationError when the password is too weak. The audit row tells that, never what.
    """
    validate_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    audit_record(actor=actor, action="password.change", object_type="user", object_id=str(user.pk))


@transaction.atomic
def membership_grant(
    *, actor: User | str, shop: Shop, user: User, role: Role, reason: str = ""
) -> Membership:
    """Make a person a member of a shop, or give a member another role.

    Raises ValidationError when the shop would lose its last owner.
    """
    Shop.objects.locked([shop.pk])
    membership = Membership.objects.filter(shop=shop, user=user).first()
    if membership is None:
        membership = Membership.objects.create(shop=shop, user=user, role=role)
        _membership_audit(actor, membership, "membership.grant", (None, role), reason)
    elif membership.role != role:
        _require_other_owner(membership)
        before, membership.role = membership.role, role
        membership.save(update_fields=["role"])
        _membership_audit(actor, membership, "membership.role", (before, role), reason)
    return membership


@transaction.atomic
def membership_revoke(*, actor: User | str, shop: Shop, user: User, reason: str = "") -> None:
    """End a person's membership; nothing happens when there is none.

    Raises ValidationError when the shop would lose its last owner.
    """
    Shop.objects.locked([shop.pk])
    membership = Membership.objects.filter(shop=shop, user=user).first()
    if membership is None:
        return
    _require_other_owner(membership)
    _membership_audit(actor, membership, "membership.revoke", (membership.role, None), reason)
    membership.delete()


def _require_other_owner(membership: Membership) -> None:
    is_owner = membership.role == Role.OWNER and membership.user.is_active
    if is_owner and owner_count(shop=membership.shop) <= 1:
        raise ValidationError(_("这是店铺的最后一位店主，请先指定另一位。"))


def _membership_audit(
    actor: User | str,
    membership: Membership,
    action: str,
    roles: tuple[str | None, str | None],
    reason: str,
) -> None:
    before, after = roles
    audit_record(
        actor=actor,
        action=action,
        object_type="membership",
        object_id=membership.user.username,
        shop=membership.shop,
        before=None if before is None else {"role": str(before)},
        after=None if after is None else {"role": str(after)},
        reason=reason,
    )


def preference_set(*, user: User, language: str | None = None, theme: str | None = None) -> None:
    """Keep a person's language or theme; None leaves it as it is, an empty theme follows the
    device. The caller has checked the values.
    """
    changes = {"language": language, "theme": theme}
    fields = [name for name, value in changes.items() if value is not None]
    for name in fields:
        setattr(user, name, changes[name])
    if fields:
        user.save(update_fields=fields)
