"""The second factor of admins: a code from an app, or one of the codes kept for the day it is lost.

The secret comes to the database only with a code that proves the app has it. Backup codes are kept
as keyed hashes and good for one use. Tries are throttled like passwords, so that six digits cannot
be guessed and nobody is locked out for longer than the window.
"""

from base64 import b32encode
from collections.abc import Iterator
from enum import StrEnum
from secrets import token_hex
from unicodedata import normalize

from django.contrib.sessions.models import Session
from django.core import signing
from django.db import transaction
from django.utils.crypto import salted_hmac
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from stores.models import User
from stores.selectors.second_factor import app_of
from stores.services.audit import audit_record
from stores.services.sign_in import Origin, attempts_forgive, code_attempt_open

ISSUER = "ShopGuard"
DEVICE_NAME = "app"
SECRET_BYTES = 20
BACKUP_CODES = 10
STORED_CHARS = 16  # of the hash; the column holds no more, and 64 bits are more than the codes have
SALT = "stores.second_factor"
# An enrolment form left open longer than this is begun anew.
ENROLMENT_SECONDS = 1800


class Way(StrEnum):
    """How a session passed; kept in it."""

    APP = "app"
    BACKUP = "backup"
    WAIVED = "waived"


class EnrolmentOverError(Exception):
    """The form was left open too long, or is somebody else's."""


def secret_new() -> str:
    """A secret for an authenticator app, as hex digits."""
    return token_hex(SECRET_BYTES)


def secret_seal(*, user: User, secret: str) -> str:
    """The secret signed for this person, to be carried by the form until it is proven."""
    return signing.dumps([user.pk, secret], salt=SALT)


def secret_open(*, user: User, sealed: str) -> str:
    """The secret of a form. Raises EnrolmentOverError."""
    try:
        owner, secret = signing.loads(sealed, salt=SALT, max_age=ENROLMENT_SECONDS)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise EnrolmentOverError from error
    if owner != user.pk:
        raise EnrolmentOverError
    return str(secret)


def secret_shown(secret: str) -> str:
    """The secret as apps take it typed: base32 in groups of four."""
    text = b32encode(bytes.fromhex(secret)).decode()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def secret_address(*, user: User, secret: str) -> str:
    """The ``otpauth:`` address an app on the same device opens."""
    return str(TOTPDevice(user=user, key=secret).config_url)


def second_factor_enrol(*, user: User, secret: str, code: str, origin: Origin) -> list[str] | None:
    """Make the app that shows ``code`` the person's only one; returns new backup codes.

    None when the code is not the app's. Raises TooManyAttemptsError.
    """
    attempt = code_attempt_open(user=user, origin=origin)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        device = TOTPDevice(user=user, name=DEVICE_NAME, key=secret, confirmed=True)
        if not device.verify_token(_digits(code)):
            transaction.set_rollback(True)
            return None
        TOTPDevice.objects.filter(user=user).exclude(pk=device.pk).delete()
        codes = _codes_make(user)
        audit_record(
            actor=user, action="second_factor.enrol", object_type="user", object_id=str(user.pk)
        )
    attempts_forgive(attempt)
    return codes


def second_factor_check(*, user: User, code: str, origin: Origin) -> Way | None:
    """How the code is right: the app's, or a backup code, which is used up; None when it is wrong.

    A code of the app is good once. Raises TooManyAttemptsError without looking at the code.
    """
    attempt = code_attempt_open(user=user, origin=origin)
    way = _way(user, code)
    if way is not None:
        attempts_forgive(attempt)
    return way


@transaction.atomic
def _way(user: User, code: str) -> Way | None:
    # The lock makes two browsers with the same code take turns; the second finds it used.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    app = app_of(user=user)
    if app is not None and app.verify_token(_digits(code)):
        return Way.APP
    codes = StaticDevice.objects.filter(user=user, confirmed=True).first()
    if codes is not None and codes.verify_token(_stored(user, code)):
        return Way.BACKUP
    return None


@transaction.atomic
def backup_codes_renew(*, user: User) -> list[str]:
    """New backup codes; the ones before are worth nothing."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    codes = _codes_make(user)
    audit_record(
        actor=user, action="second_factor.codes", object_type="user", object_id=str(user.pk)
    )
    return codes


@transaction.atomic
def second_factor_reset(*, actor: User | str, user: User) -> None:
    """Forget app and backup codes and end every session; the person enrols at the next sign-in."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
    sessions_end(user=user)
    audit_record(
        actor=actor, action="second_factor.reset", object_type="user", object_id=str(user.pk)
    )


def sessions_end(*, user: User) -> int:
    """End every session of a person; returns how many there were."""
    keys = list(_session_keys(user))
    Session.objects.filter(pk__in=keys).delete()
    return len(keys)


def _session_keys(user: User) -> Iterator[str]:
    for session in Session.objects.iterator(chunk_size=500):
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            yield session.pk


def _codes_make(user: User) -> list[str]:
    device, _is_new = StaticDevice.objects.get_or_create(user=user, name="backup", confirmed=True)
    device.token_set.all().delete()
    codes = [StaticToken.random_token() for _ in range(BACKUP_CODES)]
    device.token_set.bulk_create(
        StaticToken(device=device, token=_stored(user, code)) for code in codes
    )
    return [f"{code[:4]}-{code[4:]}" for code in codes]


def _stored(user: User, code: str) -> str:
    """A backup code as it is kept: a keyed hash, so that a copy of the database opens nothing."""
    plain = "".join(sign for sign in normalize("NFKC", code).casefold() if sign.isalnum())
    digest = salted_hmac(f"{SALT}.backup.{user.pk}", plain, algorithm="sha256").hexdigest()
    return digest[:STORED_CHARS]


def _digits(code: str) -> str:
    """What was typed as plain digits: full-width ones and blanks between them are meant well."""
    plain = "".join(sign for sign in normalize("NFKC", code) if not sign.isspace())
    return plain if plain.isascii() and plain.isdigit() and len(plain) == 6 else ""
