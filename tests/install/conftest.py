"""A checkout of its own for the tests of installing."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.install.checkout import Checkout, make_checkout


@pytest.fixture
def checkout() -> Iterator[Checkout]:
    """In a folder that everybody may enter."""
    root = Path(tempfile.mkdtemp(prefix="sg-checkout-", dir="/tmp"))
    root.chmod(0o755)
    made = make_checkout(root)
    yield made
    made.remove()
