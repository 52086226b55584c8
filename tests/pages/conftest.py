"""The market on day zero, in the afternoon: everything of the day is published."""

from collections.abc import Iterator

import pytest
import time_machine
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from shopguard.lib.days import at_hour
from tests.conftest import DAY_ZERO
from tests.pages.market import Market, market_build

AFTERNOON = at_hour(DAY_ZERO, 15)


@pytest.fixture(scope="module")
def built_market(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Market]:
    """Built once for a file, inside a transaction that is undone at its end."""
    with django_db_blocker.unblock(), time_machine.travel(AFTERNOON, tick=False):
        outer = transaction.atomic()
        outer.__enter__()
        market = market_build(DAY_ZERO)
    yield market
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        outer.__exit__(None, None, None)


@pytest.fixture
def afternoon() -> Iterator[time_machine.Traveller]:
    """The clock stands at 15:00 of day zero; ``afternoon.move_to`` changes it."""
    with time_machine.travel(AFTERNOON, tick=False) as clock:
        yield clock


@pytest.fixture
def market(built_market: Market, db: None, afternoon: time_machine.Traveller) -> Market:
    """Shops, people and the scores of the last nights; what a test changes is undone."""
    return built_market
