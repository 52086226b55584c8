"""A shop that has nothing yet is told nothing of one that has, nor later, when it has."""

import pytest
from django.db import transaction

from freightins.selectors.covering import cases_claiming
from tests.access.plum import Plum
from tests.access.test_namesakes import SECTIONS
from tests.conftest import NOON_ZERO

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


def test_nothing_is_another_where_the_namesake_was_there_first(bare: Plum) -> None:
    def told() -> list[object]:
        plum = bare.filled()
        claiming = cases_claiming(shop_id=plum.shop.pk, until=NOON_ZERO)
        return [*claiming, *map(plum.page, f"{SECTIONS['claims']} {SECTIONS['metric']}".split())]

    with transaction.atomic():
        alone = told()
        transaction.set_rollback(True)
    bare.namesake_comes(is_older=True)
    assert told() == alone
