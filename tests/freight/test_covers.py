"""Which orders are covered and what becomes of their claims."""

import tomllib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aftersales.models import AfterSaleCase
from freightins.calc.claims import CaseFacts, claim_state
from freightins.calc.cover import Change, History, Line, Placed, Span, cover_of
from freightins.models import Claim, Cover, Enrolment
from freightins.rules import cover_rules_on
from freightins.services.covers import covers_decide
from freightins.services.enrolments import agreement_version, enrolment_close, enrolment_open
from stores.models import Order, OrderLine, Product, Shop, User
from tests.factories import START
from tests.freight.conftest import quoted
from tests.freight.laying import finished_run, instant

GOLDEN = tomllib.loads((Path(__file__).parents[1] / "golden" / "claims.toml").read_text("utf-8"))
RULES = cover_rules_on(date(2024, 3, 1))
NOON = datetime(2024, 3, 1, 4, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STATES = ("active", "suspended")
WHOLE_SHOP = Change(NOON - 400 * DAY, "shop", "", True)


@pytest.mark.parametrize("case", [pytest.param(c, id=c["says"]) for c in GOLDEN["case"]])
def test_a_claim_stands_where_the_case_says(case: dict[str, Any]) -> None:
    row = {**GOLDEN["defaults"], **case}
    facts = CaseFacts(
        method=row["method"],
        outcome=row["outcome"],
        applied_at=instant(row["applied_at"]) or NOON,
        received_at=instant(row["received_at"]),
        refunded=row["refunded"] or None,
        is_with_buyer=row["with_buyer"],
    )
    found = claim_state(RULES, facts, first_weight=1000, when=NOON)
    assert found.state == case["state"]
    assert found.review_due_at == instant(case.get("due", ""))
    assert found.paid_at == instant(case.get("paid_at", ""))
    assert found.amount == case.get("amount")


def test_cover_lasts_ninety_days_to_the_second(shop: Shop) -> None:
    """A case of the first or the last second of cover is a claim, one a second beside is not."""
    begins, second = NOON - 100 * DAY, timedelta(seconds=1)
    ends, enrolment = begins + 90 * DAY, Enrolment.objects.create(shop=shop, opened_at=START)
    applied = {"first": begins, "last": ends, "early": begins - second, "late": ends + second}
    for key, at in applied.items():
        lay(shop, key, begins - DAY, begins)
        Cover.objects.create(
            shop=shop, order_ref=key, enrolment=enrolment, placed_at=begins - DAY, from_at=begins,
            to_at=ends,
        )  # fmt: skip
        AfterSaleCase.objects.create(
            shop=shop, external_id=f"c-{key}", order_ref=key, kind="exchange", applied_at=at,
            as_of=START,
        )  # fmt: skip
    covers_decide(run_id=finished_run(NOON.date()).pk, shop_ids=[shop.pk], now=NOON)
    assert set(Claim.objects.values_list("order_ref", flat=True)) == {"first", "last"}
    assert RULES.cover_days == 90


@st.composite
def spans(draw: st.DrawFn) -> list[Span]:
    """Enrolments one after another, each with turns, some still open."""
    found, clock = [], 0
    for key in range(draw(st.integers(0, 4))):
        opened = clock + draw(st.integers(0, 5))
        closed = opened + draw(st.integers(1, 20))
        is_last_open = draw(st.booleans())
        turns = [(NOON + opened * HOUR, "active")]
        for offset in sorted(draw(st.lists(st.integers(0, 30), max_size=5))):
            turns.append((NOON + (opened + offset) * HOUR, draw(st.sampled_from(STATES))))
        end = None if is_last_open else NOON + closed * HOUR
        found.append(Span(key, NOON + opened * HOUR, end, turns))
        if end is None:
            break
        clock = closed
    return found


def is_active(history: list[Span], when: datetime) -> bool:
    """Told a second way: walk through every turn there ever was."""
    for span in history:
        state = ""
        for since, turned in span.turns:
            if since <= when:
                state = turned
        is_inside = span.opened_at <= when and (span.closed_at is None or when < span.closed_at)
        if is_inside and state == "active":
            return True
    return False


@settings(max_examples=300, deadline=None)
@given(spans(), st.integers(-3, 90))
def test_an_order_placed_while_suspended_or_closed_is_never_covered(
    history: list[Span], hour: int
) -> None:
    placed = NOON + hour * HOUR
    order = Placed(placed, True, False, [Line("p1", "", False)])
    found = cover_of(History(history, [WHOLE_SHOP]), order)
    assert found.is_covered == is_active(history, placed)


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        (Placed(NOON, True, False, [Line("p1", "c1", False)]), ""),
        (Placed(NOON, False, False, [Line("p1", "c1", False)]), "no_logistics"),
        (Placed(NOON, True, True, [Line("p1", "c1", False)]), "fraud_risk"),
        (Placed(NOON, True, False, [Line("p2", "c1", False)]), "not_chosen"),
        (Placed(NOON, True, False, [Line("p1", "c1", True)]), "not_chosen"),
        (Placed(NOON, True, False, [Line("p2", "", False), Line("p1", "", False)]), ""),
        (Placed(NOON - HOUR, True, False, [Line("p1", "c1", False)]), "not_active"),
    ],
)
def test_why_an_order_has_no_cover(order: Placed, reason: str) -> None:
    span = Span(1, NOON, None, [(NOON, "active")])
    changes = [WHOLE_SHOP, Change(NOON - DAY, "product", "p2", False)]
    assert cover_of(History([span], changes), order).reason == reason


def test_switching_off_in_between_removes_nothing() -> None:
    span = Span(1, NOON, None, [(NOON, "active")])
    changes = [WHOLE_SHOP, Change(NOON + HOUR, "product", "p1", False)]
    before = Placed(NOON + HOUR - timedelta(seconds=1), True, False, [Line("p1", "", False)])
    after = Placed(NOON + HOUR, True, False, [Line("p1", "", False)])
    history = History([span], changes)
    assert cover_of(history, before).is_covered
    assert not cover_of(history, after).is_covered


def lay(shop: Shop, key: str, placed: datetime, shipped: datetime | None) -> None:
    Order.objects.create(
        shop=shop, external_id=key, placed_at=placed, paid_at=placed, shipped_at=shipped,
        province="广东", as_of=START,
    )  # fmt: skip
    OrderLine.objects.create(shop=shop, order_ref=key, line_no=1, product_ref="p1", as_of=START)


def test_the_night_decides_orders_once_and_moves_their_claims(shop: Shop, alice: User) -> None:
    """Opened at noon, closed a day later; what was covered runs on."""
    Product.objects.create(shop=shop, external_id="p1", as_of=START)
    quoted(shop, date(2024, 3, 1))
    version = agreement_version(NOON)
    enrolment_open(
        actor=alice, shop=shop, product=Enrolment.Product.SERVICE, now=NOON,
        accepted={"service": version, "terms": version},
    )  # fmt: skip
    for key, placed in (("early", NOON - HOUR), ("inside", NOON + HOUR), ("late", NOON + 2 * DAY)):
        lay(shop, key, placed, placed + DAY)
    lay(shop, "unsent", NOON + HOUR, None)
    enrolment_close(actor=alice, shop=shop, now=NOON + DAY)
    AfterSaleCase.objects.create(
        shop=shop, external_id="c1", order_ref="inside", kind="return_refund",
        applied_at=NOON + 5 * DAY, merchant_received_at=NOON + 8 * DAY, as_of=START,
    )  # fmt: skip

    def night(now: datetime, sequence: int) -> int:
        run = finished_run(now.date(), sequence=sequence)
        return covers_decide(run_id=run.pk, shop_ids=[shop.pk], now=now)

    assert night(NOON + 4 * DAY, 1) == 2
    told = dict(Cover.objects.values_list("order_ref", "reason"))
    assert told == {"inside": "", "late": "not_active"}
    cover = Cover.objects.get(reason="")
    assert (cover.from_at, cover.fee) == (NOON + HOUR + DAY, 170)
    assert cover.to_at == NOON + HOUR + 91 * DAY
    assert not Claim.objects.exists()
    night(NOON + 9 * DAY, 1)
    assert Claim.objects.get().state == "in_review"
    night(NOON + 11 * DAY, 1)
    assert Claim.objects.get().state == "approved"
    assert night(NOON + 12 * DAY, 1) == 0
    claim = Claim.objects.get()
    assert (claim.state, claim.amount, claim.is_estimated) == ("paid", 700, True)
    assert claim.paid_at == NOON + 8 * DAY


def test_a_past_night_decides_nothing(shop: Shop) -> None:
    run = finished_run(date(2024, 3, 1))
    assert covers_decide(run_id=run.pk, shop_ids=[shop.pk], now=NOON + DAY) == 0
