"""`verify` (I6) passes over cover as the product keeps it, and names what was tampered with."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction

from aftersales.models import AfterSaleCase
from freightins.models import (
    Choice,
    ChoiceChange,
    ChoiceSet,
    Claim,
    Cover,
    Enrolment,
    EnrolmentEvent,
    InvoiceRequest,
    QuoteCheck,
    QuoteRevision,
    Reconciled,
    SaleDay,
    Trial,
    TrialProduct,
)
from freightins.selectors.invariants import cover_checked
from freightins.services.choices import Wanted, choices_change
from freightins.services.covers import covers_decide
from freightins.services.enrolments import agreement_version, enrolment_open
from stores.models import AuditEntry, Product, Shop, User
from tests.factories import START, fill
from tests.freight.conftest import quoted
from tests.freight.laying import finished_run
from tests.freight.test_covers import lay
from tests.imports.files import Desk

NOON = datetime(2024, 3, 1, 4, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def lived(shop: Shop, alice: User, desk: Desk) -> Shop:
    """A shop with cover: two orders covered, one of them back and paid, a statement of both."""
    for key in ("p1", "p2"):
        Product.objects.create(shop=shop, external_id=key, category="dress", as_of=START)
    quoted(shop, date(2024, 3, 1))
    version = agreement_version(NOON)
    enrolment_open(
        actor=alice, shop=shop, product=Enrolment.Product.SERVICE, now=NOON,
        accepted={"service": version, "terms": version},
    )  # fmt: skip
    for turn, is_covered in enumerate((False, True, None)):
        wanted = [Wanted("product", "p2", is_covered, turn)]
        choices_change(actor=alice, shop=shop, wanted=wanted, source="single", reason="try")
    for key in ("o1", "o2"):
        lay(shop, key, NOON + DAY, NOON + 2 * DAY)
    AfterSaleCase.objects.create(
        shop=shop, external_id="c1", order_ref="o1", kind="return_refund",
        applied_at=NOON + 5 * DAY, merchant_received_at=NOON + 8 * DAY, as_of=START,
    )  # fmt: skip
    now = NOON + 20 * DAY
    covers_decide(run_id=finished_run(now.date()).pk, shop_ids=[shop.pk], now=now)
    paid = {"shop_id": "plum", "order_id": "o1", "settled_on": "2024-03-12"}
    desk.rows(
        "freight_statement",
        paid | {"line_id": "f1", "amount": "-1.70", "entry": "fee"},
        paid | {"line_id": "p1", "amount": "7.00", "entry": "payout"},
    )
    trial = fill(Trial, "QZ7", shop=shop, kind="drawn", seed="s")
    for key, arm in (("p1", "on"), ("p2", "off")):
        TrialProduct.objects.create(shop=shop, trial=trial, product_ref=key, arm=arm, pair=0)
    return shop


def test_what_the_product_keeps_is_sound(lived: Shop) -> None:
    found = cover_checked()
    assert found.breaches == []
    assert found.counts == {
        "covers": 2, "claims": 1, "compared": 2, "invoices": 0, "quotes": 2,
    }  # fmt: skip


TAMPERED: dict[str, Callable[[Shop], object]] = {
    "cover of o1 was given while none was active": lambda shop: EnrolmentEvent.objects.update(
        at=NOON + 9 * DAY
    ),
    "cover of o2 is given and has no time": lambda shop: Cover.objects.filter(
        order_ref="o2"
    ).update(to_at=None),
    "claim on o1 has no cover of its time": lambda shop: Claim.objects.update(
        opened_at=NOON + 99 * DAY
    ),
    "claim on o1 is approved with payment 700": lambda shop: Claim.objects.update(
        state="approved"
    ),
    "claim on o1 was paid otherwise than its statement says": lambda shop: Claim.objects.update(
        amount=699
    ),
    "payout of o1 is not compared as its lines say": lambda shop: Reconciled.objects.filter(
        side="payout"
    ).update(status="different"),
    "choice shop  is not its last change": lambda shop: Choice.objects.filter(level="shop").update(
        is_covered=False
    ),
    "change 3 of choice product p2 does not follow that before": lambda shop: (
        ChoiceChange.objects.filter(version=2, key="p2").delete()
    ),
    "5 changes of choices have 4 audit rows": lambda shop: ChoiceChange.objects.create(
        shop=shop, choice_set_id=ChoiceChange.objects.latest("pk").choice_set_id, level="product",
        key="p9", version=1, became=True, at=NOON,
    ),
    "invoice of 2024-03-01 is issued without a number": lambda shop: fill(
        InvoiceRequest, "QZ7", shop=shop, month=date(2024, 3, 1), state="issued", number=""
    ),
    "pair 0 of trial": lambda shop: TrialProduct.objects.update(arm="on"),
    "the check of the quote of 2024-03-01 scores another quote": lambda shop: fill(
        QuoteCheck, "QZ7", shop=shop, date=date(2024, 3, 1), rule_set="fee-2023"
    ),
}  # fmt: skip


def test_each_kind_of_tampering_is_named(lived: Shop) -> None:
    assert AuditEntry.objects.filter(action="choice.change").count() == 4
    for line, tamper in TAMPERED.items():
        with transaction.atomic():
            tamper(lived)
            breaches = cover_checked().breaches
            assert any(line in breach for breach in breaches), (line, breaches)
            transaction.set_rollback(True)
    assert cover_checked().breaches == []


def test_what_a_namesake_has_makes_up_for_nothing(lived: Shop, other_shop: Shop) -> None:
    first, last = date(2024, 3, 2), date(2024, 3, 8)
    bound = {"valid_from": first, "valid_to": last, "is_backfilled": False}
    theirs = fill(
        QuoteRevision, "x", shop=other_shop, date=date(2024, 2, 1), revision=1, **bound,
        rule_set="fee-2023",
    )  # fmt: skip
    sums = {"orders": 5, "returns": 2, "fees": 900, "payouts": 700}
    fill(SaleDay, "x", shop=other_shop, product_ref="", day=first, **sums)
    fill(
        QuoteCheck, "x", shop=lived, date=theirs.date, rule_set=theirs.rule_set, first_day=first,
        last_day=last, fee=theirs.fee, expected_share=theirs.blended_rate, is_final=False, **sums,
    )  # fmt: skip
    given = {"order_ref": "o9", "reason": "", "from_at": NOON, "to_at": NOON + 9 * DAY}
    Cover.objects.create(shop=other_shop, placed_at=NOON, **given)
    Claim.objects.create(shop=lived, order_ref="o9", case_ref="c9", opened_at=NOON + DAY)
    chosen = {"level": "product", "key": "p9", "version": 1}
    made = fill(ChoiceSet, "x", shop=other_shop)
    ChoiceChange.objects.create(shop=other_shop, choice_set=made, became=True, at=NOON, **chosen)
    fill(Choice, "x", shop=lived, is_covered=True, **chosen)
    told = "\n".join(cover_checked().breaches)
    assert "the check of the quote of 2024-02-01 scores another quote" in told
    assert "the check of the quote of 2024-02-01 is not the sum of its days" in told
    assert "claim on o9 has no cover of its time" in told
    assert "choice product p9 is not its last change" in told


def test_what_a_namesake_without_a_statement_has_is_not_compared(
    lived: Shop, other_shop: Shop
) -> None:
    fill(Reconciled, "x", shop=other_shop, order_ref="o7", side="fee")
    fill(Claim, "x", shop=other_shop, order_ref="o8", state="paid", is_estimated=False)
    told = "\n".join(cover_checked().breaches)
    assert "o7" not in told
    assert "claim on o8 was paid otherwise" not in told


@pytest.mark.parametrize(
    ("column", "step"),
    [
        ("blended_rate", "blended_rate"),
        ("risk_rate", "risk_rate"),
        ("first_weight", "expected_payout"),
        ("computed_fee", "computed_fee"),
        ("fee", "basis or fee"),
        ("window_returns", "return_rate"),
    ],
)
def test_a_quote_that_was_altered_is_named(shop: Shop, column: str, step: str) -> None:
    lay(shop, "o1", NOON - 30 * DAY, NOON - 29 * DAY)
    quoted(shop, date(2024, 3, 1))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE freightins_quoterevision DISABLE TRIGGER USER")
        cursor.execute(
            f"UPDATE freightins_quoterevision SET {column} = {column} + 1"
            " WHERE rule_set = 'fee-2023'"
        )
        cursor.execute("ALTER TABLE freightins_quoterevision ENABLE TRIGGER USER")
    told = cover_checked(days=1).breaches
    assert any(f"{step} does not follow" in line for line in told), told
