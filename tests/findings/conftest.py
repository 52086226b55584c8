"""Buyer keys for the tests that import orders."""

from pathlib import Path

import pytest
from pytest_django import Settings


@pytest.fixture
def buyer_keys(settings: Settings, tmp_path: Path) -> None:
    """Keys that no other test and no checkout knows."""
    settings.BUYER_KEYS_FILE = tmp_path / "keys" / "buyers.json"
