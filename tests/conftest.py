"""The cast and the fixed day every test may use.

Alice owns a shop, Bob works in it, Charlie owns another shop and Dora is an admin.
"""

import gc
import os
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import hypothesis
import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.db import connection
from django.http import HttpRequest
from django.middleware import csrf
from django.test import Client, override_settings
from pytest_django.plugin import DjangoDbBlocker
from xdist.remote import Producer

from stores.access import SECOND_FACTOR
from stores.models import Role, Shop, User
from stores.services.second_factor import Way
from tests.factories import make_member, make_shop, make_user
from tests.longest import LongestFirst

# How long an example takes says something of the machine, nothing of the code.
hypothesis.settings.register_profile(
    "house", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("house")

DAY_ZERO = date(2024, 3, 1)
NOON_ZERO = datetime(2024, 3, 1, 4, 0, tzinfo=UTC)

# A Wednesday in the middle of a month, the same day in Shanghai and in UTC for hours to come.
PRESENT = datetime.fromisoformat(os.environ.get("SHOPGUARD_TEST_CLOCK", "2026-11-18T12:00+08:00"))

SignedIn = Callable[[User], Client]


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end; looking for garbage in it again took a tenth."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LongestFirst | None:
    """Called where several workers share the tests."""
    return LongestFirst(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Tests that commit empty their tables afterwards; the audit log refuses that elsewhere."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE stores_auditentry DISABLE TRIGGER auditentry_kept")
        cursor.execute("ALTER TABLE stores_penaltylogrow DISABLE TRIGGER penaltylog_kept")


@pytest.fixture(scope="module")
def steady_present(request: pytest.FixtureRequest) -> Iterator[None]:
    """The clock goes on from ``PRESENT``, so that no test depends on when the suite is run.

    Folders whose tests are about the present day use it for all of them. A browser and other
    processes know the real clock only, and so do tests that have those.
    """
    if any(request.node.get_closest_marker(name) for name in ("browser", "process")):
        yield
        return
    with time_machine.travel(PRESENT):
        yield


@pytest.fixture(scope="session", autouse=True)
def plain_static_files() -> Iterator[None]:
    """Files are served as they lie in the tree: tests need no collectstatic before them."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    changed = {
        "STORAGES": settings.STORAGES | {"staticfiles": plain},
        "STATIC_ROOT": str(settings.BASE_DIR / "static"),
        "WHITENOISE_AUTOREFRESH": True,
        "WHITENOISE_USE_FINDERS": True,
    }
    with override_settings(**changed):
        yield


@pytest.fixture(scope="session", autouse=True)
def tokens_that_hold_no_words() -> Iterator[None]:
    """A form's token is 64 letters drawn anew for every page.

    Drawn from all letters and digits it holds a name like ``p0`` on one page in sixty, and a test
    that looks for the name finds it there.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csrf, "CSRF_ALLOWED_CHARS", "XZ")
        yield


@pytest.fixture(scope="session", autouse=True)
def second_factor_passed() -> Iterator[None]:
    """Whoever signs in has passed the second factor; see ``second_factor_asked`` for the rest."""
    user_logged_in.connect(pass_second_factor)
    yield
    user_logged_in.disconnect(pass_second_factor)


@pytest.fixture
def second_factor_asked() -> Iterator[None]:
    """A sign-in is only half of it meanwhile."""
    user_logged_in.disconnect(pass_second_factor)
    yield
    user_logged_in.connect(pass_second_factor)


def pass_second_factor(request: HttpRequest, **_: object) -> None:
    """Mark the session as the code would have."""
    request.session[SECOND_FACTOR] = Way.APP.value


@pytest.fixture
def day_zero() -> date:
    """The day tests take place on."""
    return DAY_ZERO


@pytest.fixture
def noon_zero() -> datetime:
    """Noon in Shanghai of day zero."""
    return NOON_ZERO


@pytest.fixture
def shop(db: None) -> Shop:
    """The shop of Alice and Bob."""
    return make_shop("plum", name="梅子小铺")


@pytest.fixture
def other_shop(db: None) -> Shop:
    """The shop of Charlie."""
    return make_shop("birch", name="白桦家居")


@pytest.fixture
def alice(shop: Shop) -> User:
    """Owner of the shop."""
    return make_member(make_user("alice"), shop, Role.OWNER)


@pytest.fixture
def bob(shop: Shop) -> User:
    """Ops of the shop."""
    return make_member(make_user("bob"), shop, Role.OPS)


@pytest.fixture
def charlie(other_shop: Shop) -> User:
    """Owner of the other shop."""
    return make_member(make_user("charlie"), other_shop, Role.OWNER)


@pytest.fixture
def dora(db: None) -> User:
    """Admin, member of no shop."""
    return make_user("dora", is_staff=True)


@pytest.fixture
def signed_in() -> SignedIn:
    """A browser of a person: ``signed_in(alice).get("/")``."""

    def browser(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return browser
