"""A shop that has nothing yet is told nothing of one that has."""

import pytest

from tests.access.plum import Plum
from tests.access.test_namesakes import SECTIONS

pytestmark = pytest.mark.django_db
# The others are there once a score is.
ALWAYS = [name for name in SECTIONS if name not in {"metric", "rows", "left out", "levers"}]


@pytest.mark.parametrize("section", ALWAYS)
def test_nothing_is_told_of_a_namesake(bare: Plum, section: str) -> None:
    addresses = [address for address in SECTIONS[section].split() if "{" not in address]
    before = {address: bare.page(address) for address in addresses}
    bare.namesake_comes()
    changed = [address for address in addresses if bare.page(address) != before[address]]
    assert changed == []
