"""Programs take the same steps as people, and are told why where they may not."""

import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from aftersales.models import AfterSaleCase
from stores.models import Complaint, Review, Shop, User
from tests.aftersales.conftest import MakeCase
from tests.conftest import NOON_ZERO, SignedIn

STEPS, EVENTS = "/api/v1/shops/plum/aftersales/steps/", "/api/v1/shops/plum/aftersales/events/"
pytestmark = pytest.mark.usefixtures("clock")


def send(browser: Client, key: str, **body: Any) -> HttpResponse:
    return browser.post(
        STEPS, json.dumps(body), "application/json", headers={"Idempotency-Key": key}
    )


def test_a_step_is_taken_once_under_its_key(
    bob: User, signed_in: SignedIn, make_case: MakeCase
) -> None:
    make_case()
    browser = signed_in(bob)
    body = {"case_id": "c1", "version": 0, "step": "approve"}
    for _ in range(2):
        answer = send(browser, "k1", **body)
        assert (answer.status_code, answer.json()["state"]) == (200, "buyer_sends")
    assert AfterSaleCase.objects.get().version == 1
    events = browser.get(EVENTS, {"case_id": "c1"}).json()["results"]
    assert [event["name"] for event in events] == ["approve", "imported"]


@pytest.mark.parametrize(("body", "words"), [
    ({"step": "refund"}, "没有这一步"),
    ({"step": "reject", "note": "旧"}, "联系"),
    ({"step": "approve", "version": 7}, "现在的版本是 0"),
])  # fmt: skip
def test_a_refusal_says_why(
    bob: User, signed_in: SignedIn, make_case: MakeCase, body: dict[str, Any], words: str
) -> None:
    make_case()
    answer = send(signed_in(bob), "k1", **({"case_id": "c1", "version": 0} | body))
    assert answer.status_code == 409
    assert words in answer.json()["detail"]


def test_a_step_of_no_case_is_not_found(bob: User, signed_in: SignedIn) -> None:
    answer = send(signed_in(bob), "k1", case_id="zz", version=0, step="approve")
    assert answer.status_code == 404


def post(browser: Client, where: str, key: str = "k1", **body: Any) -> HttpResponse:
    return browser.post(
        f"/api/v1/shops/plum/{where}", json.dumps(body), "application/json",
        headers={"Idempotency-Key": key},
    )  # fmt: skip


def test_of_many_cases_each_stands_or_falls_by_itself(
    bob: User, signed_in: SignedIn, make_case: MakeCase
) -> None:
    make_case("c1")
    make_case("c2")
    cases = [{"case_id": ref, "version": n} for ref, n in (("c1", 0), ("c2", 7), ("c9", 0))]
    answer = post(signed_in(bob), "aftersales/steps/many/", cases=cases, step="approve")
    assert answer.json()["done"] == ["c1"]
    told = {one["case_id"]: one["why"] for one in answer.json()["refused"]}
    assert "现在的版本是 0" in told["c2"]
    assert "没有这件售后" in told["c9"]


def test_a_step_is_taken_back_and_only_while_it_was_the_last(
    bob: User, signed_in: SignedIn, make_case: MakeCase
) -> None:
    make_case()
    browser = signed_in(bob)
    send(browser, "k1", case_id="c1", version=0, step="approve")
    answer = post(browser, "aftersales/steps/undo/", "k2", case_id="c1", version=1)
    assert (answer.status_code, answer.json()["state"]) == (200, "review")
    again = post(browser, "aftersales/steps/undo/", "k3", case_id="c1", version=2)
    assert again.status_code == 409


def test_what_was_said_is_kept(bob: User, signed_in: SignedIn, make_case: MakeCase) -> None:
    make_case()
    browser, where = signed_in(bob), "aftersales/notes/"
    said = post(browser, where, "k1", case_id="c1", version=0, what="contact", text="已电话联系")
    assert said.json()["contacted_at"]
    state = {"case_id": "c1", "version": 1, "what": "condition"}
    assert post(browser, where, "k2", **state, text="shiny").status_code == 400
    assert post(browser, where, "k3", **state, text="used").json()["condition"] == "used"
    chased = {"case_id": "c1", "version": 2, "what": "chase"}
    assert post(browser, where, "k4", **chased).json()["chases"] == 1


def test_services_are_switched_by_the_owner_alone(
    alice: User, bob: User, signed_in: SignedIn
) -> None:
    body = {"version": 0, "fast_refund": True, "fast_most_fen": 5000, "assistant": False}
    where = "aftersales/services/switch/"
    assert post(signed_in(bob), where, **body).status_code == 403
    owner = signed_in(alice)
    answer = post(owner, where, **body)
    assert (answer.json()["fast_refund"], answer.json()["fast_most_fen"]) == (True, 5000)
    assert post(owner, where, "k2", **body).status_code == 409
    rule = {"name": "小额", "kinds": ["return_refund"], "most_fen": 3000, "most_cases": 1}
    [kept] = post(owner, "aftersales/services/rules/", "k3", **rule).json()["rules"]
    assert kept["most_fen"] == 3000
    gone = owner.delete(f"/api/v1/shops/plum/aftersales/services/rules/{kept['id']}/")
    assert gone.status_code == 204
    shown = signed_in(bob).get("/api/v1/shops/plum/aftersales/services/").json()
    assert (shown["version"], shown["rules"]) == (1, [])


def test_the_guarantee_is_switched_and_a_category_gets_its_days(
    bob: User, signed_in: SignedIn
) -> None:
    browser, where = signed_in(bob), "aftersales/guarantee/"
    assert post(browser, where, version=0, working_days=True).json()["working_days"] is True
    assert post(browser, where, "k2", version=0, working_days=False).status_code == 409
    term = post(browser, where + "terms/", "k3", category="dress", days=30).json()
    told = {one["category"]: one for one in term["categories"]}["dress"]
    assert (told["days"], told["days_from"], told["is_own"]) == (30, "category", True)
    gone = post(browser, where + "terms/", "k4", category="dress", days=None).json()
    assert gone["categories"] == []


def test_answers_and_offers_are_noted(
    bob: User, shop: Shop, signed_in: SignedIn, make_case: MakeCase
) -> None:
    make_case()
    both = {"shop": shop, "order_ref": "o1", "as_of": NOON_ZERO}
    Review.objects.create(external_id="r1", rating=1, created_at=NOON_ZERO, **both)
    Complaint.objects.create(external_id="t1", opened_at=NOON_ZERO, **both)
    browser = signed_in(bob)
    for where, ref in (("reviews/answers/", "r1"), ("complaints/answers/", "t1")):
        answer = post(browser, where, f"{ref}-1", id=ref, text="马上处理")
        assert (answer.status_code, answer.json()["id"]) == (200, ref)
        assert post(browser, where, f"{ref}-2", id=ref, text="马上处理").status_code == 409
        assert post(browser, where, f"{ref}-3", id="r9", text="马上处理").status_code == 404
    offer = {"order_id": "o1", "version": 0, "offer": "coupon", "worth_fen": 1000}
    assert post(browser, "offers/", "k1", **offer).json()["version"] == 1
    assert post(browser, "offers/", "k2", **offer).status_code == 409
    assert post(browser, "offers/", "k3", **(offer | {"order_id": "o7"})).status_code == 409
