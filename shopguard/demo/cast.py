"""The people of the demo."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DemoSignIn:
    """Somebody the sign-in page lets in with one click; ``role`` is owner, ops or admin."""

    username: str
    password: str
    role: str
    caption_zh: str
    caption_en: str


DEMO_SIGN_INS: tuple[DemoSignIn, ...] = ()
