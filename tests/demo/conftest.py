"""The market of day zero, written once for every test that only reads it."""

from datetime import date
from pathlib import Path

import pytest

from shopguard.demo import generate
from tests.conftest import DAY_ZERO
from tests.demo.scoring import Market


@pytest.fixture(scope="package")
def today() -> date:
    """The day on which the market is looked at."""
    return DAY_ZERO


@pytest.fixture(scope="package")
def folder(tmp_path_factory: pytest.TempPathFactory, today: date) -> Path:
    """The files of the whole market."""
    path = tmp_path_factory.mktemp("market")
    generate.write(path, today)
    return path


@pytest.fixture(scope="package")
def market(folder: Path, today: date) -> Market:
    """The market as a second reading of the rule sees it."""
    return Market(folder, today)
