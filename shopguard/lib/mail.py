"""One e-mail, in plain text."""

from smtplib import SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import EmailMessage

FINAL_FROM = 500  # replies of a mail server from here on are final


def mail_send(*, to: str, subject: str, body: str, number: str) -> None:
    """Send one e-mail; ``number`` tells it from every other and is the same when sent again.

    Raises OSError, of which the errors of a mail server are, when it was not taken.
    """
    host = settings.SITE_URL.partition("://")[2].partition(":")[0]
    EmailMessage(
        subject=" ".join(subject.split()),
        body=body,
        to=[to],
        headers={"Message-ID": f"<{number}@{host}>", "Auto-Submitted": "auto-generated"},
    ).send()


def is_final(error: OSError) -> bool:
    """Whether a mail server said that trying again does not help."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= FINAL_FROM for code, _text in error.recipients.values())
    return isinstance(error, SMTPResponseException) and error.smtp_code >= FINAL_FROM
