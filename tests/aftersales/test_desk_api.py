"""Programs keep what people keep: replies, views, checklists, samples, delay reports."""

import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from aftersales.models import Fix
from stores.models import Complaint, OrderLine, Shop, User
from tests.conftest import DAY_ZERO, NOON_ZERO, SignedIn
from tests.factories import fill, make_order

API = "/api/v1/shops/plum/"
pytestmark = pytest.mark.usefixtures("clock")


def post(browser: Client, where: str, once: str = "k1", **body: Any) -> HttpResponse:
    return browser.post(
        API + where, json.dumps(body), "application/json", headers={"Idempotency-Key": once}
    )


def test_a_reply_is_worded_anew_and_taken_away(bob: User, signed_in: SignedIn) -> None:
    browser, where = signed_in(bob), "aftersales/replies/"
    built_in = browser.get(API + where).json()["replies"][0]
    assert (built_in["is_own"], built_in["version"]) == (False, 0)
    words = {name: built_in[name] for name in ("key", "version", "group", "title")}
    answer = post(browser, where, text="您好，马上看", **words)
    mine = {one["key"]: one for one in answer.json()["replies"]}[built_in["key"]]
    assert (answer.status_code, mine["text"], mine["version"]) == (201, "您好，马上看", 1)
    assert post(browser, where, "k2", text="您好", **words).status_code == 409
    seen = {"key": built_in["key"], "version": 1}
    left = post(browser, where + "drop/", "k3", **seen).json()["replies"]
    assert built_in["key"] not in {one["key"] for one in left}
    assert post(browser, where + "drop/", "k4", **seen).status_code == 409


def test_a_reply_is_added(bob: User, signed_in: SignedIn) -> None:
    new = {"group": "quick", "title": "问好", "text": "您好"}
    told = post(signed_in(bob), "aftersales/replies/", **new).json()["replies"]
    assert [one["title"] for one in told if one["is_own"]] == ["问好"]


def test_a_view_is_a_persons_own(alice: User, bob: User, signed_in: SignedIn) -> None:
    browser, where = signed_in(bob), "aftersales/views/"
    kept = post(browser, where, name="急的", query="queue=urgent").json()
    assert browser.get(API + where).json()["views"] == [kept]
    assert signed_in(alice).get(API + where).json()["views"] == []
    assert browser.delete(f"{API}{where}{kept['id']}/").status_code == 204
    assert browser.get(API + where).json()["views"] == []


def test_no_more_than_twenty_views_are_kept(bob: User, signed_in: SignedIn) -> None:
    browser = signed_in(bob)
    answers = [
        post(browser, "aftersales/views/", f"k{n}", name=f"v{n}").status_code for n in range(21)
    ]
    assert answers == [201] * 20 + [409]


def test_the_checklist_of_a_complaint_is_kept_at_its_version(
    bob: User, shop: Shop, signed_in: SignedIn
) -> None:
    Complaint.objects.create(
        shop=shop, external_id="t1", order_ref="o1", opened_at=NOON_ZERO, as_of=NOON_ZERO
    )
    browser, where = signed_in(bob), "complaints/work/"
    done = {"complaint_id": "t1", "version": 0, "plan_clear": True, "compensation_fen": 500}
    kept = post(browser, where, **done).json()
    assert (kept["plan_clear"], kept["contact_right"], kept["version"]) == (True, False, 1)
    assert browser.get(API + where).json()["results"] == [kept]
    assert kept["compensation_fen"] == 500
    assert post(browser, where, "k2", **done).status_code == 409
    assert post(browser, where, "k3", **(done | {"complaint_id": "t9"})).status_code == 404


@pytest.fixture
def fix(shop: Shop) -> Fix:
    """A fix by sampling of the goods in an order that waits to be shipped."""
    make_order(shop, external_id="o1", ship_by=NOON_ZERO)
    OrderLine.objects.create(
        shop=shop, order_ref="o1", line_no=1, product_ref="p1", as_of=NOON_ZERO
    )
    return fill(
        Fix, "f", shop=shop, action="sampling", products=["p1"], started_on=DAY_ZERO,
        withdrawn_at=None, version=0,
    )  # fmt: skip


def test_an_order_is_drawn_checked_and_gone_from_the_list(
    bob: User, fix: Fix, signed_in: SignedIn
) -> None:
    browser, where = signed_in(bob), f"fixes/{fix.pk}/samples/"
    assert browser.get(API + where).json() == {"to_open": ["o1"], "waiting": 1, "checks": []}
    answer = post(browser, where, order_id="o1", is_good=False, note="脱线")
    assert (answer.status_code, answer.json()["is_good"]) == (201, False)
    told = browser.get(API + where).json()
    assert (told["to_open"], told["checks"]) == ([], [answer.json()])
    assert "o7" in post(browser, where, "k2", order_id="o7", is_good=True).json()["detail"]
    assert post(browser, "fixes/99/samples/", "k3", order_id="o1", is_good=True).status_code == 404


def test_a_fix_is_withdrawn_once(bob: User, fix: Fix, signed_in: SignedIn) -> None:
    browser = signed_in(bob)
    gone = post(browser, f"fixes/{fix.pk}/withdraw/", version=0).json()
    assert (gone["withdrawn_at"] is not None, gone["version"]) == (True, 1)
    assert post(browser, f"fixes/{fix.pk}/withdraw/", "k2", version=1).status_code == 409
    assert browser.get(API + "fixes/").json()["results"] == []


def test_a_delay_report_is_filed_once(bob: User, shop: Shop, signed_in: SignedIn) -> None:
    make_order(shop, external_id="o1")
    browser, where = signed_in(bob), "delay-reports/"
    filed = post(browser, where, order_id="o1", cause="暴雪封路")
    assert (filed.status_code, filed.json()["decision"]) == (201, "pending")
    assert post(browser, where, "k2", order_id="o1", cause="暴雪封路").status_code == 409
    assert post(browser, where, "k3", order_id="o7", cause="暴雪封路").status_code == 409
