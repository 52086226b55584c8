"""A shop with its people, and cases to work on."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from aftersales.models import AfterSaleCase
from stores.models import Shop
from tests.conftest import NOON_ZERO

MakeCase = Callable[..., AfterSaleCase]


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Noon of day zero; ``clock.move_to`` goes on."""
    with time_machine.travel(NOON_ZERO, tick=False) as traveller:
        yield traveller


@pytest.fixture
def make_case(shop: Shop) -> MakeCase:
    """A return-refund of the shop, applied for an hour before noon of day zero."""

    def make(ref: str = "c1", **fields: Any) -> AfterSaleCase:
        applied = NOON_ZERO - timedelta(hours=1)
        usual = {
            "order_ref": "o1", "kind": "return_refund", "applied_at": applied, "as_of": NOON_ZERO,
            "requested": 9900, "state_since": applied, "reason": "质量问题",
        }  # fmt: skip
        return AfterSaleCase.objects.create(**({"shop": shop, "external_id": ref} | usual | fields))

    return make
