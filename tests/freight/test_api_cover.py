"""Cover is read, opened, closed and told of over the API as on its pages."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from freightins.calc.choices import Wanted
from freightins.models import Costs, Enrolment, EnteredFee, FeeOutlook
from freightins.selectors.choices import choices_now
from freightins.services.choices import choices_change
from shopguard.lib.days import shanghai_day
from stores.models import Product, Shop, User
from tests.conftest import SignedIn
from tests.factories import START
from tests.freight.conftest import quoted

BASE = "/api/v1/shops/plum/insurance/"


@pytest.fixture
def owner(shop: Shop, alice: User, signed_in: SignedIn) -> Client:
    """Alice's program."""
    Product.objects.create(shop=shop, external_id="p1", title="p1", as_of=START)
    quoted(shop, shanghai_day(timezone.now()) - timedelta(days=1))
    return signed_in(alice)


def post(client: Client, path: str, **body: Any) -> dict[str, Any]:
    answer = client.post(
        BASE + path, body, content_type="application/json",
        headers={"Idempotency-Key": str(uuid4())},
    )  # fmt: skip
    assert answer.status_code == 200, answer.content
    told: dict[str, Any] = answer.json()
    return told


def test_cover_is_opened_with_the_present_agreements_and_closed(owner: Client, shop: Shop) -> None:
    state = owner.get(f"{BASE}cover/").json()
    assert (state["shop_id"], state["state"], state["fee_fen"]) == ("plum", "closed", 170)
    assert [one["name"] for one in state["conditions"] if one["blocks"]] == ["shop_open"]
    version = state["agreement_version"]
    wish = {"product": "service", "service_version": version, "terms_version": "old"}
    assert post(owner, "cover/open/", **wish)["is_done"] is False
    assert not Enrolment.objects.exists()
    assert post(owner, "cover/open/", **wish | {"terms_version": version})["refused"] == ""
    assert owner.get(f"{BASE}cover/").json()["state"] == "active"
    assert choices_now(shop=shop) == {("shop", ""): True}
    assert post(owner, "cover/close/", reason="summer")["is_done"] is True
    assert post(owner, "cover/close/", reason="summer")["is_done"] is False


def test_the_fee_expected_next_is_told(owner: Client, shop: Shop) -> None:
    assert owner.get(f"{BASE}cover/").json()["next_fee"] is None
    today = shanghai_day(timezone.now())
    FeeOutlook.objects.create(
        shop=shop, date=today - timedelta(days=1), day=today + timedelta(days=3), basis="shop",
        low=141, likely=150, high=162, orders=123, returns=9, promotions=5, waiting=114,
    )  # fmt: skip
    told = owner.get(f"{BASE}cover/").json()["next_fee"]
    assert (told["low_fen"], told["likely_fen"], told["high_fen"]) == (141, 150, 162)
    assert (told["window_orders"], told["window_returns"], told["waiting"]) == (123, 9, 114)


def test_fee_and_costs_are_entered(owner: Client) -> None:
    today = shanghai_day(timezone.now())
    assert post(owner, "fee/", fee_fen=133, seen_on=str(today))["is_done"] is True
    assert EnteredFee.objects.get().fee == 133
    later = str(today + timedelta(days=1))
    assert post(owner, "fee/", fee_fen=133, seen_on=later)["is_done"] is False
    costs = {"margin": 316, "return_cost_fen": 1200, "dispute_cost_fen": 3500}
    assert post(owner, "costs/", **costs)["is_done"] is True
    assert Costs.objects.get().margin == 316


def test_changes_are_taken_back_once(owner: Client, shop: Shop, bob: User) -> None:
    made = choices_change(
        actor=bob, shop=shop, wanted=[Wanted("product", "p1", True, 0)], source="single"
    ).choice_set
    assert made is not None
    assert post(owner, "products/undo/", choice_set=str(made.pk))["is_done"] is True
    assert choices_now(shop=shop) == {}
    assert post(owner, "products/undo/", choice_set=str(made.pk))["is_done"] is False


def test_a_trial_that_cannot_be_says_why(owner: Client) -> None:
    day = str(shanghai_day(timezone.now()) - timedelta(days=9))
    assert post(owner, "trials/look/", name="look", day=day, weeks=4)["refused"]
    assert post(owner, "trials/end/", id="1")["refused"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("cover/open/", {"product": "service", "service_version": "x", "terms_version": "x"}),
        ("cover/close/", {"reason": "x"}),
        ("fee/", {"fee_fen": None, "seen_on": "2024-03-01"}),
        ("costs/", {"margin": 1, "return_cost_fen": 0, "dispute_cost_fen": 0}),
    ],
)
def test_only_owners_do_these(
    owner: Client, bob: User, signed_in: SignedIn, path: str, body: dict[str, Any]
) -> None:
    answer = signed_in(bob).post(BASE + path, body, content_type="application/json")
    assert answer.status_code == 403
