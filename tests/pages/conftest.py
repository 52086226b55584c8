"""The market on day zero, in the afternoon: everything of the day is published."""

from collections.abc import Iterator

import pytest
import time_machine

from shopguard.lib.days import at_hour
from tests.conftest import DAY_ZERO
from tests.pages.market import Market, market_build


@pytest.fixture
def afternoon() -> Iterator[time_machine.Traveller]:
    """The clock stands at 15:00 of day zero; ``afternoon.move_to`` changes it."""
    with time_machine.travel(at_hour(DAY_ZERO, 15), tick=False) as clock:
        yield clock


@pytest.fixture
def market(db: None, afternoon: time_machine.Traveller) -> Market:
    """Shops, people and the scores of the last nights."""
    return market_build(DAY_ZERO)
