"""Penalties hold or have ended on the present day."""

import pytest


@pytest.fixture(scope="module", autouse=True)
def present(steady_present: None) -> None:
    """Every test here takes place at the steady present."""
