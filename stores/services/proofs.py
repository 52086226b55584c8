"""The e-mail that proves that somebody reads an address. Sent at once: the person waits for it."""

import hashlib
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _

from shopguard.lib.mail import mail_send


def proof_send(*, email: str, token: str) -> None:
    """Send the link with a token to an address. Raises ValidationError when it cannot be sent."""
    unreachable = ValidationError({"email": _("邮件现在发不出去，请晚些再试。")})
    if not settings.EMAIL_IS_ON:
        raise unreachable
    link = f"{settings.SITE_URL}{reverse('email_proof')}?{urlencode({'t': token})}"
    lines = (
        _("有人想用这个邮箱接收 ShopGuard 的通知。是你的话，登录后打开："),
        link,
        "",
        _("一天内有效。不是你，不用理会这封邮件。"),
    )
    number = hashlib.sha256(token.encode()).hexdigest()[:32]
    try:
        mail_send(
            to=email, subject=_("确认你的邮箱"), body="\n".join(lines), number=f"proof-{number}"
        )
    except OSError as error:
        raise unreachable from error
