"""Applications and deposits belong to the present day."""

import pytest


@pytest.fixture(scope="module", autouse=True)
def present(steady_present: None) -> None:
    """Every test here takes place at the steady present."""
