"""Programs take the same steps as people, and are told why where they may not."""

import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from aftersales.models import AfterSaleCase
from stores.models import User
from tests.aftersales.conftest import MakeCase
from tests.conftest import SignedIn

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
