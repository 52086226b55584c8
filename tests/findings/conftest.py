"""Buyer keys for the tests that import orders, and a clock for those about the present day."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from pytest_django import Settings

from tests.conftest import NOON_ZERO


@pytest.fixture
def clock() -> Iterator[None]:
    """Noon of day zero."""
    with time_machine.travel(NOON_ZERO, tick=False):
        yield


@pytest.fixture
def buyer_keys(settings: Settings, tmp_path: Path) -> None:
    """Keys that no other test and no checkout knows."""
    settings.BUYER_KEYS_FILE = tmp_path / "keys" / "buyers.json"
