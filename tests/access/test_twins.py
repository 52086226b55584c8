"""Shops whose records bear the very same ids keep them apart.

Ids are the platform's, unique within a shop only, so two shops may both have an order 1. Every page
of a shop is read twice, the second time beside twins of all its records in every other shop: no
letter of it may change.
"""

import re
from collections.abc import Iterable

import pytest
import time_machine
from django.core.cache import cache
from django.db import models

from stores.access import Audience
from stores.models import Shop
from tests.access.routes import routes_for
from tests.access.test_isolation import body_of, says
from tests.access.world import MARK_B, World, shop_models, way_to_shop
from tests.conftest import NOON_ZERO

pytestmark = pytest.mark.django_db

SHOP_ROUTES = routes_for(Audience.SHOP)
# Whose ids a field holds; every other `external_id` is the record's own.
REFERS_TO = {
    "order_ref": "order", "product_ref": "product", "case_ref": "aftersalecase",
    "complaint_ref": "complaint", "violation_ref": "violation",
}  # fmt: skip
# Also the same in both: what records are looked up by beside their ids.
LOOKED_UP = {"key", "name", "sku", "line_ref", "agent", "courier", "return_tracking_no", "headers"}
# So that lists of what waits for somebody have something to show.
WAITING: dict[str, dict[str, object]] = {
    "aftersalecase": {"outcome": "open", "kind": "return_refund", "closed_at": None},
    "complaint": {"outcome": "open", "answered_at": None},
    "consultation": {"started_by": "buyer", "first_reply_seconds": None},
    "delayreport": {"decision": "pending"},
    "order": {"shipped_at": None, "cancelled_at": None, "logistics_mode": "express"},
    "review": {"rating": 1, "replied_at": None},
    "parcel": {"status": "in_transit", "signed_at": None},
}
# The log of penalties and what was judged refuse every change, this one too; a notification's key
# is the person's.
AS_THEY_ARE = ("Shop", "PenaltyLogRow", "CourseExam", "Notification")
# Made anew for every answer.
FRESH = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]*"|"csrfToken": "[^"]*"|nonce[^ >]*'
    r'|"request_id": "[^"]*"|"next_token": "[^"]*"|class="error-number[^/]*'
)


def name_alike(shops: Iterable[Shop]) -> None:
    """Give the records of every shop the ids 0, 1, … in the order in which they were made."""
    for shop in shops:
        for model in shop_models():
            if model.__name__ not in AS_THEY_ARE:
                for number, row in enumerate(rows_of(model, shop)):
                    told = {**ids(model, number), **WAITING.get(model.__name__.lower(), {})}
                    if told:
                        model._default_manager.filter(pk=row.pk).update(**told)


def rows_of(model: type[models.Model], shop: Shop) -> Iterable[models.Model]:
    return model._default_manager.filter(**{way_to_shop(model): shop}).order_by("pk")


def ids(model: type[models.Model], number: int) -> dict[str, str]:
    """The fields of a record that hold an id, with the ids of the record of that number."""
    names = {field.name for field in model._meta.concrete_fields}
    own = model.__name__.lower()
    told = {name: f"{name}-{number}" for name in names & LOOKED_UP}
    told |= {name: f"{REFERS_TO[name]}-{number}" for name in names & REFERS_TO.keys()}
    return told | ({"external_id": f"{own}-{number}"} if "external_id" in names else {})


def page(world: World, path: str) -> str:
    cache.clear()
    response = world.client("alice").get(path)
    assert response.status_code in (200, 302, 403, 404, 405), path
    assert not says(response, MARK_B), path
    return FRESH.sub("", body_of(response))


@pytest.fixture(scope="module", autouse=True)
def _clock() -> Iterable[None]:
    with time_machine.travel(NOON_ZERO, tick=False):
        yield


def test_no_page_changes_beside_twins_of_all_its_records(world: World) -> None:
    mine, *others = (*world.shops["a"], *world.shops["b"])
    name_alike([mine])
    paths = {route: world.path(route, "a") for route in SHOP_ROUTES}
    before = {route: page(world, path) for route, path in paths.items()}
    assert sum("order-0" in text for text in before.values()) > 5
    name_alike(others)
    changed = [str(route) for route, path in paths.items() if page(world, path) != before[route]]
    assert changed == []
