"""What second factor a person has."""

from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from stores.models import User


def app_of(*, user: User) -> TOTPDevice | None:
    """The authenticator app a person enrolled, if any."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).order_by("-pk").first()


def backup_codes_left(*, user: User) -> int:
    """How many backup codes a person has not used."""
    return int(StaticToken.objects.filter(device__user=user, device__confirmed=True).count())
