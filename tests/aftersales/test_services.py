"""Services decide what their rules say and nothing else, and each decision names its rule."""

from datetime import timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from aftersales.calc.assistant import Asked, AutoRule, Services, decide
from aftersales.models import AfterSaleCase, CaseEvent
from aftersales.selectors.services import services_page
from aftersales.services.auto import assistant_rule_add, services_switch, services_work
from stores.models import Shop, User
from tests.aftersales.conftest import MakeCase
from tests.conftest import NOON_ZERO, SignedIn
from tests.factories import make_order

DAY = timedelta(days=1)
KINDS = ("refund_unshipped", "refund_shipped", "return_refund", "exchange", "freight_only")
RULE = AutoRule("小额退货", frozenset({"return_refund"}), 10_000, 1)


@given(
    st.sampled_from(KINDS), st.none() | st.integers(0, 30_000), st.none() | st.integers(0, 5),
    st.booleans(), st.booleans(),
)  # fmt: skip
def test_nothing_is_decided_beyond_what_was_switched_on(
    kind: str, requested: int | None, earlier: int | None, fast: bool, assistant: bool
) -> None:
    fired = decide(Services(fast, 5000, assistant, [RULE]), Asked(kind, requested, earlier))
    if fired is None:
        return
    assert requested is not None
    if fired.step == "refund":
        assert fast
        assert kind == "refund_unshipped"
        assert requested <= 5000
    else:
        assert assistant
        assert kind in RULE.kinds
        assert requested <= RULE.most
        assert earlier is not None
        assert earlier <= RULE.most_cases


@pytest.mark.usefixtures("clock")
def test_each_decision_says_which_rule_fired(shop: Shop, alice: User, make_case: MakeCase) -> None:
    for key, buyer in (("o1", "b1"), ("o2", "b2"), ("o3", "")):
        make_order(shop, external_id=key, buyer_ref=buyer)
    make_case("cheap", order_ref="o1")
    make_case("dear", order_ref="o2", requested=20_000)
    make_case("unknown", order_ref="o3")
    make_case("fast", kind="refund_unshipped", requested=4000)
    assert services_work(now=NOON_ZERO) == 0
    assistant_rule_add(
        actor=alice, shop=shop, name="小额退货", kinds=["return_refund"], most=10_000, most_cases=1
    )
    services_switch(
        actor=alice, shop=shop, version=0, fast_refund=True, fast_most=5000, assistant=True
    )
    assert services_work(now=NOON_ZERO) == 2
    states = dict(AfterSaleCase.objects.values_list("external_id", "state"))
    assert states == {
        "cheap": "buyer_sends", "dear": "review", "unknown": "review", "fast": "completed",
    }  # fmt: skip
    events = CaseEvent.objects.exclude(name="imported").order_by("case_ref")
    assert [(e.case_ref, e.actor, e.note) for e in events] == [
        ("cheap", "auto", "小额退货"), ("fast", "auto", "极速退款"),
    ]  # fmt: skip
    assert services_work(now=NOON_ZERO) == 0


@pytest.mark.usefixtures("clock")
def test_a_buyer_with_many_cases_is_left_to_people(
    shop: Shop, alice: User, make_case: MakeCase
) -> None:
    for number in range(3):
        make_order(shop, external_id=f"o{number}", buyer_ref="same")
        applied = NOON_ZERO - (3 - number) * DAY
        make_case(f"c{number}", order_ref=f"o{number}", applied_at=applied)
    assistant_rule_add(
        actor=alice, shop=shop, name="x", kinds=["return_refund"], most=10_000, most_cases=1
    )
    services_switch(
        actor=alice, shop=shop, version=0, fast_refund=False, fast_most=0, assistant=True
    )
    services_work(now=NOON_ZERO)
    states = dict(AfterSaleCase.objects.values_list("external_id", "state"))
    assert states == {"c0": "buyer_sends", "c1": "buyer_sends", "c2": "review"}


@pytest.mark.usefixtures("clock")
def test_both_sides_stand_before_the_switch(
    shop: Shop, alice: User, bob: User, make_case: MakeCase, signed_in: SignedIn
) -> None:
    for key, hours, outcome in (
        ("a", 10, "completed"),
        ("b", 20, "cancelled"),
        ("c", 30, "closed"),
    ):
        applied = NOON_ZERO - 10 * DAY
        make_case(
            key, kind="refund_unshipped", requested=4000 if key != "c" else 9000, outcome=outcome,
            state=outcome, applied_at=applied, closed_at=applied + timedelta(hours=hours),
        )  # fmt: skip
    fast = services_page(shop=shop, fast_most=5000, now=NOON_ZERO).fast
    assert (fast.cases, fast.fits, fast.hours_now, fast.hours_then) == (3, 2, 20, 10)
    assert (fast.risky, fast.at_risk) == (1, 4000)
    owner: Client = signed_in(alice)
    text = owner.get("/s/plum/aftersales/services/", {"most": "50"}).text
    assert "3 件中 2 件" in text
    assert "1 件，40.00 元" in text
    sent = {"version": 0, "fast_refund": "on", "fast_most": "50"}
    assert "极速退款开着" in owner.post("/s/plum/aftersales/services/set/", sent, follow=True).text
    assert signed_in(bob).post("/s/plum/aftersales/services/set/", sent).status_code == 403
