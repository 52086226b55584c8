"""The API of freight insurance: quotes, the label of a product, and changing choices."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from freightins.selectors.choices import choices_now
from freightins.services.enrolments import agreement_version, enrolment_open
from stores.models import Product, Shop, User
from tests.conftest import SignedIn
from tests.factories import START
from tests.freight.conftest import quoted

BASE = "/api/v1/shops/plum/insurance/"


@pytest.fixture
def client(shop: Shop, bob: User, signed_in: SignedIn) -> Client:
    """Bob's program."""
    Product.objects.create(shop=shop, external_id="p1", title="p1", as_of=START)
    quoted(shop, timezone.now().date() - timedelta(days=1))
    return signed_in(bob)


def changed(client: Client, version: int, on: bool, key: str) -> dict[str, object]:
    body = {
        "reason": "spring",
        "choices": [{"level": "product", "key": "p1", "is_covered": on, "version": version}],
    }
    answer = client.post(
        f"{BASE}products/", body, content_type="application/json",
        headers={"Idempotency-Key": key},
    )  # fmt: skip
    assert answer.status_code == 200, answer.content
    told: dict[str, object] = answer.json()
    return told


def test_quotes_are_listed_with_every_factor(client: Client) -> None:
    rows = client.get(f"{BASE}quotes/?rule_set=fee-2023").json()["results"]
    assert [(row["basis"], row["fee_fen"], row["category"]) for row in rows] == [
        ("category", 170, "apparel")
    ]


def test_a_product_has_the_label_while_it_is_chosen_and_cover_is_active(
    client: Client, shop: Shop, alice: User
) -> None:
    (row,) = client.get(f"{BASE}products/").json()["products"]
    assert (row["label"], row["is_chosen"]) == (False, False)
    version = agreement_version(timezone.now())
    accepted = {"service": version, "terms": version}
    enrolment_open(actor=alice, shop=shop, product="service", accepted=accepted)
    (row,) = client.get(f"{BASE}products/").json()["products"]
    assert (row["label"], row["level"]) == (True, "shop")


def test_a_choice_is_changed_once_and_clashes_are_told(client: Client, shop: Shop) -> None:
    assert changed(client, 0, True, "k1")["changed"] == 1
    assert changed(client, 0, True, "k1")["changed"] == 1
    late = changed(client, 0, False, "k2")
    assert (late["changed"], len(late["refused"])) == (0, 1)  # type: ignore[arg-type]
    assert choices_now(shop=shop) == {("product", "p1"): True}
