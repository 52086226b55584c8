"""A desk that takes files in, with buyer keys of its own."""

from pathlib import Path

import pytest
from pytest_django import Settings

from stores.models import Shop
from tests.imports.files import Desk


@pytest.fixture(autouse=True)
def buyer_keys(settings: Settings, tmp_path: Path) -> None:
    """Keys that no other test and no checkout knows."""
    settings.BUYER_KEYS_FILE = tmp_path / "keys" / "buyers.json"


@pytest.fixture
def desk(shop: Shop, tmp_path: Path) -> Desk:
    """The desk of a database in which the shop ``plum`` exists."""
    return Desk(tmp_path)
