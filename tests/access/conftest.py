"""Two tenants and everybody, built once for a file."""

from collections.abc import Iterator

import pytest
import time_machine
from django.db import transaction
from pytest_django import DjangoDbBlocker

from tests.access.plum import Plum, bare_planted, plum_planted
from tests.access.world import World, build_world
from tests.conftest import NOON_ZERO


@pytest.fixture(scope="module")
def whole_world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Built once for the module and rolled back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_world()
        transaction.set_rollback(True)


@pytest.fixture
def world(whole_world: World, db: None) -> Iterator[World]:
    """The world as it was built, whatever the test before did."""
    whole_world.clients.clear()
    with transaction.atomic():
        yield whole_world
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def whole_plum(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Plum]:
    """Planted once for the module and rolled back after it."""
    with (
        time_machine.travel(NOON_ZERO, tick=False),
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        yield plum_planted()
        transaction.set_rollback(True)


@pytest.fixture
def plum(whole_plum: Plum, db: None) -> Iterator[Plum]:
    """The shop with records by chance as it was planted, whatever the test before did."""
    with transaction.atomic():
        yield whole_plum
        transaction.set_rollback(True)


@pytest.fixture
def bare(db: None) -> Iterator[Plum]:
    """The shop with nothing, in a database with nothing of anybody."""
    with time_machine.travel(NOON_ZERO, tick=False):
        yield bare_planted()
