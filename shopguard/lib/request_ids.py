"""The number of the request being answered, for audit rows, log lines and error pages."""

import re
from contextvars import ContextVar, Token
from uuid import uuid4

# 36 characters hold a UUID; the first sign is no dash, so that a number never looks like an option.
_ACCEPTED = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{7,35}", re.ASCII)

_current: ContextVar[str] = ContextVar("request_id", default="")


def current_request_id() -> str:
    """The number of the request this code runs for; empty outside a request."""
    return _current.get()


def request_id_from(given: str) -> str:
    """``given`` when it is a harmless identifier of 8 to 36 signs, otherwise a new UUID."""
    return given if _ACCEPTED.fullmatch(given) else str(uuid4())


def bind_request_id(request_id: str) -> Token[str]:
    """Make ``request_id`` the current one until :func:`release_request_id`."""
    return _current.set(request_id)


def release_request_id(token: Token[str]) -> None:
    """Put back what was current before :func:`bind_request_id`."""
    _current.reset(token)
