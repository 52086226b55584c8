"""Programs of the cast: ``program(alice)`` asks with a token of hers."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client

from stores.models import User
from stores.services.tokens import token_create

Program = Callable[..., Client]


@pytest.fixture(autouse=True)
def nobody_has_asked_yet() -> None:
    """The throttle counts in the cache, which outlives a test."""
    cache.clear()


@pytest.fixture
def program(db: None) -> Program:
    """A client without a browser's session that carries a token."""

    def of(user: User, *, can_write: bool = True) -> Client:
        _token, secret = token_create(user=user, name="till", days=30, can_write=can_write)
        return Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {secret}"})

    return of
