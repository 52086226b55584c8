"""What looks like fraud is told with its evidence, until somebody looked at that evidence."""

import tomllib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from aftersales.models import AfterSaleCase
from freightins.calc.signals import Returned, signals_of
from freightins.models import Claim, FraudSignal
from freightins.rules import cover_rules_on
from freightins.services.signals import signal_see, signals_find
from stores.models import AuditEntry, OrderLine, Product, Shop, User
from tests.conftest import SignedIn
from tests.factories import START, make_order

GOLDEN = tomllib.loads((Path(__file__).parents[1] / "golden" / "signals.toml").read_text("utf-8"))
RULES = cover_rules_on(date(2024, 3, 1))
FIRST = datetime(2024, 3, 1, 4, 0, tzinfo=UTC)
DAY = timedelta(days=1)
PAGE = "/s/plum/insurance/claims/signals/"


@pytest.mark.parametrize("case", [pytest.param(c, id=c["says"]) for c in GOLDEN["case"]])
def test_signals_are_found_as_the_case_says(case: dict[str, Any]) -> None:
    rows = [
        Returned(order, FIRST + (day - 1) * DAY, **known) for order, day, known in case["claims"]
    ]
    found = [[one.kind, one.key, list(one.orders)] for one in signals_of(RULES, rows)]
    assert found == case["found"]


def claim(shop: Shop, key: str, **fields: Any) -> None:
    """A claim of a signed order of one parcel of 500 g, sent back with the number T1."""
    now = timezone.now()
    make_order(shop, external_id=key, signed_at=now - 9 * DAY, buyer_ref=f"v1:{key}")
    OrderLine.objects.create(
        shop=shop, order_ref=key, line_no=1, product_ref="p1", quantity=2, as_of=START
    )
    Product.objects.get_or_create(
        shop=shop, external_id="p1", defaults={"net_weight_grams": 250, "as_of": START}
    )
    given = {"return_tracking_no": "T1", "return_weight_grams": 480, "carrier_cost": 900}
    AfterSaleCase.objects.create(
        shop=shop, external_id=f"c-{key}", order_ref=key, kind="return_refund",
        applied_at=now - 5 * DAY, as_of=START, **(given | fields),
    )  # fmt: skip
    Claim.objects.create(
        shop=shop, order_ref=key, case_ref=f"c-{key}", state="paid", method="self",
        opened_at=now - 5 * DAY, amount=700, expected=700,
    )  # fmt: skip


def kinds() -> set[tuple[str, str]]:
    return set(FraudSignal.objects.values_list("kind", "key"))


def test_the_night_finds_signals_in_records(shop: Shop) -> None:
    claim(shop, "order-1")
    claim(shop, "order-2", return_weight_grams=99)
    claim(shop, "order-3", return_tracking_no="T3")
    signals_find(shop_id=shop.pk, now=timezone.now())
    assert kinds() == {("same_tracking", "T1"), ("light", "order-2")}
    assert FraudSignal.objects.get(kind="light").figures == {"returned": 99, "sent": 500}


def test_other_evidence_is_looked_at_again_and_what_is_gone_goes(shop: Shop, alice: User) -> None:
    for key in ("order-1", "order-2"):
        claim(shop, key)
    signals_find(shop_id=shop.pk, now=timezone.now())
    row = FraudSignal.objects.get()
    assert signal_see(actor=alice, shop=shop, key=row.pk, version=1, reason="one parcel")
    assert not signal_see(actor=alice, shop=shop, key=row.pk, version=1, reason="again")
    signals_find(shop_id=shop.pk, now=timezone.now())
    assert FraudSignal.objects.get().seen_by == "alice"
    claim(shop, "order-3")
    signals_find(shop_id=shop.pk, now=timezone.now())
    row.refresh_from_db()
    assert (row.seen_at, row.version, len(row.orders)) == (None, 2, 3)
    assert not signal_see(actor=alice, shop=shop, key=row.pk, version=1, reason="late")
    AfterSaleCase.objects.update(return_tracking_no="")
    signals_find(shop_id=shop.pk, now=timezone.now())
    assert not FraudSignal.objects.exists()
    assert AuditEntry.objects.filter(object_type="signal").count() == 1


@pytest.fixture
def ops(shop: Shop, bob: User, signed_in: SignedIn) -> Client:
    """Bob's browser, in a shop where the same number was used twice."""
    for key in ("order-1", "order-2"):
        claim(shop, key)
    signals_find(shop_id=shop.pk, now=timezone.now())
    return signed_in(bob)


def test_a_signal_is_shown_with_its_claims_and_marked_without_a_script(
    ops: Client, shop: Shop
) -> None:
    page = ops.get(PAGE).content.decode()
    assert "2 件理赔都写 T1" in page
    case = AfterSaleCase.objects.get(external_id="c-order-2")
    assert f"/aftersales/{case.pk}/" in page or f"/{case.pk}/" in page
    row = FraudSignal.objects.get()
    form = {"signal": row.pk, "version": row.version}
    ops.post(f"{PAGE}mark/", form | {"reason": " "})
    assert not FraudSignal.objects.filter(seen_by="bob").exists()
    ops.post(f"{PAGE}mark/", form | {"reason": "one parcel, told the platform"})
    assert "one parcel, told the platform" in ops.get(f"{PAGE}?tab=seen").content.decode()
    ops.post(f"{PAGE}mark/", form | {"reason": "look again", "to": "open"})
    assert FraudSignal.objects.get().seen_at is None


def test_a_claim_whose_case_is_gone_is_shown_all_the_same(ops: Client) -> None:
    AfterSaleCase.objects.all().delete()
    assert "order-1" in ops.get(PAGE).content.decode()


def test_programs_read_signals_and_mark_them(ops: Client) -> None:
    base = "/api/v1/shops/plum/insurance/signals/"
    (row,) = ops.get(f"{base}?is_seen=false").json()["results"]
    assert (row["kind"], row["orders"]) == ("same_tracking", ["order-1", "order-2"])
    body = {"id": row["id"], "version": row["version"], "seen": True, "reason": "looked"}
    answer = ops.post(
        f"{base}mark/", body, content_type="application/json", headers={"Idempotency-Key": "k1"}
    )
    assert answer.json() == {"is_marked": True}
    assert ops.get(f"{base}?is_seen=false").json()["results"] == []


def test_a_signal_of_another_shop_is_not_marked(other_shop: Shop, shop: Shop, bob: User) -> None:
    row = FraudSignal.objects.create(
        shop=other_shop, kind="light", key="order-9", found_at=timezone.now()
    )
    assert not signal_see(actor=bob, shop=shop, key=row.pk, version=1, reason="mine")
