"""A statement is compared line by line, and claims take what it says was paid."""

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aftersales.models import AfterSaleCase
from freightins.calc.statement import Line, Owed, compared, stated_of
from freightins.models import Claim, Cover, Reconciled, StatementLine
from freightins.services.covers import covers_decide
from freightins.services.statements import Looked, differences_reopen, differences_see
from stores.models import AuditEntry, Shop, User
from tests.factories import START, make_order
from tests.freight.laying import finished_run
from tests.imports.files import Desk

GOLDEN = tomllib.loads((Path(__file__).parents[1] / "golden" / "statement.toml").read_text("utf-8"))
NOON = datetime(2024, 3, 20, 4, 0, tzinfo=UTC)
DAY = timedelta(days=1)
ORDERS = ("o1", "o2", "o3")


def march(day: int) -> datetime:
    return datetime(2024, 3, day, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize("case", [pytest.param(c, id=c["says"]) for c in GOLDEN["case"]])
def test_lines_compare_as_the_case_says(case: dict[str, Any]) -> None:
    owed: dict[str, dict[str, Owed]] = {"fee": {}, "payout": {}}
    for order, side, amount, day in case["ours"]:
        owed[side][order] = Owed(amount, march(day) if day else None)
    lines = [Line(o, entry, fen, march(day), march(day)) for o, entry, fen, day in case["lines"]]
    stated = stated_of(lines, owed["fee"], owed["payout"])
    rows = compared(stated, owed["fee"], owed["payout"])
    told = [[r.side, r.order, r.status, r.expected, r.stated] for r in rows]
    assert told == [[None if cell == "" else cell for cell in row] for row in case["found"]]


# A machine under load draws slowly; that says nothing about what is drawn.
DRAWN = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
entries = st.sampled_from(("", "fee", "payout"))
lines_drawn = st.lists(
    st.builds(
        lambda order, entry, fen, day: Line(order, entry, fen, march(day), march(day)),
        st.sampled_from(ORDERS), entries, st.integers(-2000, 2000), st.integers(1, 28),
    ),
    max_size=8,
)  # fmt: skip
owed_drawn = st.dictionaries(
    st.sampled_from(ORDERS),
    st.builds(lambda fen, day: Owed(fen, march(day)), st.integers(0, 2000), st.integers(1, 28)),
)


@DRAWN
@given(lines_drawn, owed_drawn, owed_drawn)
def test_every_line_is_compared_once_and_no_fen_is_lost(
    lines: list[Line], fees: dict[str, Owed], payouts: dict[str, Owed]
) -> None:
    stated = stated_of(lines, fees, payouts)
    rows = compared(stated, fees, payouts)
    assert len({(row.side, row.order) for row in rows}) == len(rows)
    assert sum(row.lines for row in rows) == len(lines)
    for row in rows:
        is_missing = row.stated is None
        assert is_missing == (row.status == "missing") == (row.lines == 0)
        assert (row.expected is None) == (row.status == "unknown")
        assert (row.status == "matched") == (row.stated is not None and row.stated == row.expected)


@DRAWN
@given(st.lists(st.tuples(st.sampled_from(ORDERS), st.integers(1, 2000)), max_size=20))
def test_a_statement_of_what_was_expected_matches_throughout(pairs: list[tuple[str, int]]) -> None:
    fees = {order: Owed(fen, march(5)) for order, fen in pairs}
    lines = [Line(o, "", -owed.amount, march(5), march(9)) for o, owed in fees.items()]
    rows = compared(stated_of(lines, fees, {}), fees, {})
    assert {row.status for row in rows} <= {"matched"}
    assert len(rows) == len(fees)


@pytest.fixture
def ledger(shop: Shop) -> Shop:
    """Two covered orders of 1.70 yuan; the first has come back, received on 9 March."""
    for key, placed in (("o1", march(1)), ("o2", march(2)), ("o3", march(3))):
        make_order(shop, external_id=key, placed_at=placed, shipped_at=placed + DAY)
        Cover.objects.create(
            shop=shop, order_ref=key, reason="not_chosen" if key == "o3" else "",
            placed_at=placed, fee=170, from_at=placed + DAY, to_at=placed + 91 * DAY,
        )  # fmt: skip
    for key in ("o1", "o2"):
        Claim.objects.create(
            shop=shop, order_ref=key, case_ref=f"c-{key}", method="self", state="paid",
            opened_at=march(6), received_at=march(9), review_due_at=march(12), paid_at=march(9),
            amount=700, expected=700, is_estimated=True,
        )  # fmt: skip
    return shop


def line(key: str, order: str, amount: str, day: int, entry: str = "") -> dict[str, str]:
    return {
        "shop_id": "plum", "line_id": key, "settled_on": f"2024-03-{day:02}", "order_id": order,
        "amount": amount, "entry": entry, "settled_at": f"2024-03-{day:02} 12:00:00",
        "effective_at": "2024-03-02 12:00:00" if entry != "payout" else "",
    }  # fmt: skip


def rows() -> dict[tuple[str, str], tuple[str, str]]:
    """Every comparison: (side, order) to (status, note)."""
    told = Reconciled.objects.values_list("side", "order_ref", "status", "note")
    return {(side, order): (status, note) for side, order, status, note in told}


def test_an_import_lists_what_matches_and_what_does_not(ledger: Shop, desk: Desk) -> None:
    desk.rows(
        "freight_statement",
        line("b1", "o1", "-1.70", 5), line("b3", "o3", "-1.70", 5), line("b9", "o9", "-1.70", 5),
        line("p1", "o1", "6.50", 14, "payout"), line("p9", "o2", "9.00", 15, "payout"),
        line("p3", "o3", "7.00", 15, "payout"),
    )  # fmt: skip
    assert rows() == {
        ("fee", "o1"): ("matched", ""),
        ("fee", "o3"): ("unknown", "no_cover"),
        ("fee", "o9"): ("unknown", "no_order"),
        ("payout", "o1"): ("different", ""),
        ("payout", "o2"): ("different", ""),
        ("payout", "o3"): ("unknown", "no_claim"),
    }


def test_a_claim_takes_time_and_amount_from_its_line(ledger: Shop, desk: Desk) -> None:
    desk.rows("freight_statement", line("p1", "o1", "6.50", 14, "payout"))
    claim = Claim.objects.get(order_ref="o1")
    assert (claim.state, claim.amount, claim.expected) == ("paid", 650, 700)
    assert (claim.paid_at, claim.is_estimated) == (march(14), False)
    desk.rows("freight_statement", line("p1", "o1", "6.80", 14, "payout"))
    assert Claim.objects.get(order_ref="o1").amount == 680


def test_a_claim_the_statement_should_have_named_waits_on(ledger: Shop, desk: Desk) -> None:
    """Its review was due on the 12th; statements of the 11th and the 14th have none for it."""
    told = line("p1", "o1", "7.00", 14, "payout"), line("p0", "o0", "7.00", 11, "payout")
    desk.rows("freight_statement", *told)
    claim = Claim.objects.get(order_ref="o2")
    assert (claim.state, claim.amount, claim.paid_at) == ("in_review", None, None)
    assert not claim.is_estimated


@pytest.mark.parametrize("day", [11, 13])
def test_a_statement_of_another_time_leaves_the_estimate(
    ledger: Shop, desk: Desk, day: int
) -> None:
    desk.rows("freight_statement", line("p1", "o1", "7.00", day, "payout"))
    claim = Claim.objects.get(order_ref="o2")
    assert (claim.state, claim.amount, claim.is_estimated) == ("paid", 700, True)


def test_the_night_keeps_what_the_statement_said(ledger: Shop, desk: Desk) -> None:
    for key in ("o1", "o2"):
        AfterSaleCase.objects.create(
            shop=ledger, external_id=f"c-{key}", order_ref=key, kind="return_refund",
            applied_at=march(6), merchant_received_at=march(9), as_of=START,
        )  # fmt: skip
    told = line("p1", "o1", "7.00", 14, "payout"), line("p0", "o0", "7.00", 11, "payout")
    desk.rows("freight_statement", *told)
    before = list(Claim.objects.order_by("pk").values("state", "amount", "paid_at"))
    covers_decide(run_id=finished_run(NOON.date()).pk, shop_ids=[ledger.pk], now=NOON)
    assert list(Claim.objects.order_by("pk").values("state", "amount", "paid_at")) == before


def test_a_difference_somebody_looked_at_comes_back_only_when_it_changes(
    ledger: Shop, desk: Desk, alice: User
) -> None:
    desk.rows("freight_statement", line("b1", "o1", "-1.60", 5), line("b2", "o2", "-1.70", 5))
    row = Reconciled.objects.get(order_ref="o1")
    looked = [Looked(row.pk, row.version)]
    assert differences_see(actor=alice, shop=ledger, looked=looked, reason="fee of May") == (1, 0)
    assert differences_see(actor=alice, shop=ledger, looked=looked, reason="again") == (0, 0)
    desk.rows("freight_statement", line("b7", "o7", "-1.70", 6))
    row.refresh_from_db()
    assert (row.seen_by, row.seen_reason) == ("alice", "fee of May")
    desk.rows("freight_statement", line("b1", "o1", "-1.50", 5))
    row.refresh_from_db()
    assert (row.seen_at, row.stated, row.version) == (None, 150, 2)
    assert differences_see(actor=alice, shop=ledger, looked=looked, reason="late") == (0, 1)
    actions = AuditEntry.objects.filter(object_type="statement").values_list("action", "actor")
    assert list(actions) == [("statement.see", "alice")]


def test_it_can_be_opened_again(ledger: Shop, desk: Desk, alice: User) -> None:
    desk.rows("freight_statement", line("b1", "o1", "-1.60", 5))
    row = Reconciled.objects.get()
    looked = [Looked(row.pk, row.version)]
    differences_see(actor=alice, shop=ledger, looked=looked, reason="fee of May")
    assert differences_reopen(actor=alice, shop=ledger, looked=looked, reason="no") == (1, 0)
    row.refresh_from_db()
    assert (row.seen_at, row.seen_by, row.seen_reason) == (None, "", "")


def test_another_shop_is_left_alone(ledger: Shop, other_shop: Shop, desk: Desk) -> None:
    desk.rows("freight_statement", line("b1", "o1", "-1.70", 5))
    assert not Reconciled.objects.for_shop(other_shop).exists()
    assert StatementLine.objects.for_shop(ledger).count() == 1
