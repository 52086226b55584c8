"""What came back to a shop is counted the same beside a shop whose records bear the same ids."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from aftersales.models import (
    AfterSaleCase,
    FindingRow,
    FindingSet,
    Fix,
    FixEffect,
    ReturnLoyalty,
    ReturnSumsRow,
    WinBackOffer,
)
from aftersales.rules import diagnostic_rules_on
from aftersales.selectors.around_returns import days_around
from aftersales.selectors.finding_lines import lines_returned, lines_sold
from aftersales.selectors.fix_counts import sold_around
from aftersales.selectors.loyalty_counts import loyalty_counts
from aftersales.selectors.prevention import orders_to_write
from aftersales.services.findings import findings_compute
from aftersales.services.fixes import (
    FixRefusedError,
    fix_record,
    fix_withdraw,
    fixes_measure,
    sample_note,
)
from aftersales.services.win_back import OfferRefusedError, loyalty_keep, offer_note
from shopguard.lib.days import at_hour
from stores.models import Consultation, OrderLine, Parcel, Run, Shop, User
from tests.access.test_twins import FRESH
from tests.conftest import SignedIn
from tests.factories import START, fill, make_order, make_shop
from tests.findings.chance import lay_chance

pytestmark = pytest.mark.django_db
DAY = date(2024, 3, 1)
WINDOW = 90
RULES = diagnostic_rules_on(DAY)
FIXED = ["p1"]
DIAGNOSTICS = "/s/plum/diagnostics/"
PAGES = (
    "", "daily/", "cuts/", "cuts/?by=sku", "product/?product=p1", "product/?sku=s", "fixes/",
    "money/", "rows/?product=p1", "rows/?reason=质量问题", "week/", "prevention/?show=late",
    "prevention/?show=hint", "prevention/?show=ask", "prevention/?show=back", "rows.csv?product=p1",
    "prevention.csv?show=back", "findings/1/", "findings/1/rows.csv", "fixes/?finding=1",
    "fixes/?finding=2",
)  # fmt: skip


@pytest.fixture
def elder(db: None) -> Shop:
    """A shop with lower keys than every other: first in tables and in indexes."""
    return make_shop("elder")


def counted(shop: Shop) -> dict[str, Any]:
    """All that the night counts of a shop when it is asked for this one."""
    frames = {
        read.__name__: read(shop_ids=[shop.pk], day=DAY, window_days=WINDOW)
        for read in (lines_sold, lines_returned)
    }
    told: dict[str, Any] = {
        name: sorted(map(repr, frame.to_dict("records"))) for name, frame in frames.items()
    }
    fix = Fix(shop=shop, products=FIXED, started_on=DAY - timedelta(days=60))
    sold = sold_around(fix=fix, fixed=FIXED, rules=RULES.effect, day=DAY)
    told["fix"] = sorted(map(repr, sold))
    told["came_again"] = loyalty_counts(shop_ids=[shop.pk], day=DAY, rules=RULES)
    told["around"] = days_around(shop_ids=[shop.pk], day=DAY, window_days=WINDOW)
    return told


@pytest.mark.parametrize("seed", range(3))
def test_what_the_night_counts_is_the_same_beside_a_namesake(
    shop: Shop, other_shop: Shop, seed: int
) -> None:
    lay_chance(shop, DAY, Random(seed))
    alone = counted(shop)
    assert all(alone.values())
    lay_chance(other_shop, DAY, Random(seed + 100))
    assert counted(shop) == alone


def test_who_came_again_is_kept_shop_by_shop(shop: Shop, other_shop: Shop) -> None:
    for number, one in enumerate((shop, other_shop)):
        lay_chance(one, DAY, Random(number))
        loyalty_keep(shop_ids=[one.pk], day=DAY + timedelta(days=number))
    kept = dict(ReturnLoyalty.objects.values_list("shop", "date"))
    assert kept == {shop.pk: DAY, other_shop.pk: DAY + timedelta(days=1)}
    loyalty_keep(shop_ids=[shop.pk], day=DAY)
    assert dict(ReturnLoyalty.objects.values_list("shop", "date")) == kept


def test_no_page_of_returns_is_other_than_it_would_be_without_namesakes(
    elder: Shop, shop: Shop, other_shop: Shop, alice: User, signed_in: SignedIn
) -> None:
    with time_machine.travel(at_hour(DAY, 12), tick=False):
        for number, one in enumerate((elder, shop, other_shop)):
            lay_chance(one, DAY, Random(number), orders=120 - 20 * number)
        found_in_the_night(elder, shop, other_shop)
        lay_findings(shop, elder)
        fix = fix_record(
            actor=alice, shop=shop, action="sampling", products=["p1", "p2"], started_on=DAY
        )
        paths = [*PAGES, f"fixes/{fix.pk}/"]
        beside = {path: page(signed_in(alice), DIAGNOSTICS + path) for path in paths}
        elder.delete()
        other_shop.delete()
        alone = {path: page(signed_in(alice), DIAGNOSTICS + path) for path in paths}
    assert [path for path in paths if beside[path] != alone[path]] == []


def test_a_parcel_is_late_by_what_its_own_shop_knows(elder: Shop, shop: Shop) -> None:
    now = at_hour(DAY, 12)
    for one in (elder, shop):
        make_order(one, external_id="o1")
        fill(
            Parcel, "x", shop=one, order_ref="o1", status="in_transit",
            shipped_at=now - timedelta(days=6),
        )  # fmt: skip
    fill(Consultation, "x", shop=elder, order_ref="o1", started_at=now - timedelta(days=1))
    [late] = orders_to_write(shop=shop, show="late", now=now)
    assert late.shop == shop


def found_in_the_night(*shops: Shop) -> None:
    run, _ = Run.objects.get_or_create(day=DAY, defaults={"trigger": Run.Trigger.NIGHTLY})
    findings_compute(run_id=run.pk, shop_ids=[shop.pk for shop in shops])


def lay_findings(shop: Shop, elder: Shop) -> None:
    """One of a product and one of a SKU, which is of other goods in the elder shop; the keys of
    everybody's lines stand in both.
    """
    for one, product in ((elder, "p1"), (shop, "p3")):
        fill(OrderLine, "x", shop=one, sku="u", product_ref=product)
    found = FindingSet.objects.get(shop=shop)
    FindingRow.objects.filter(found=found).delete()
    lines = list(OrderLine.objects.filter(order_ref="o1").values_list("pk", flat=True))
    for rank, cut in enumerate((["product", "p1"], ["sku", "u"]), 1):
        fill(
            FindingRow, "x", shop=shop, found=found, rank=rank, outcome="return", cut=[cut],
            bars=[[cut[1], 40, 20]], reasons=[["质量问题", 20]], lines=lines,
        )  # fmt: skip


def page(client: Client, path: str) -> str:
    cache.clear()
    response = client.get(path)
    assert response.status_code == 200, path
    return FRESH.sub("", response.getvalue().decode())


def test_nothing_of_a_namesake_is_mended_tried_or_made_up_for(
    shop: Shop, other_shop: Shop, alice: User, charlie: User
) -> None:
    lay_chance(other_shop, DAY, Random(7))
    fixing = {"action": "sampling", "products": FIXED, "started_on": DAY}
    with time_machine.travel(at_hour(DAY, 12), tick=False):
        theirs = fix_record(actor=charlie, shop=other_shop, **fixing)  # type: ignore[arg-type]
        with pytest.raises(FixRefusedError):
            fix_record(actor=alice, shop=shop, **fixing)  # type: ignore[arg-type]
        with pytest.raises(Fix.DoesNotExist):
            fix_withdraw(actor=alice, shop=shop, pk=theirs.pk, version=0)
        with pytest.raises(Fix.DoesNotExist):
            sample_note(actor=alice, shop=shop, pk=theirs.pk, order_ref="o1", is_good=True)
        with pytest.raises(OfferRefusedError):
            offer_note(actor=alice, shop=shop, order_ref="o1", version=0, offer="coupon")
        fixes_measure(shop_ids=[shop.pk], day=DAY)
    assert not FixEffect.objects.exists()


def test_a_sample_is_of_an_order_of_its_shop_with_goods_of_the_fix(
    shop: Shop, other_shop: Shop, alice: User
) -> None:
    told: dict[str, Any] = {"line_no": 1, "quantity": 1, "as_of": START}
    make_order(shop, external_id="other goods")
    OrderLine.objects.create(shop=shop, order_ref="other goods", product_ref="p2", **told)
    OrderLine.objects.create(shop=shop, order_ref="no order", product_ref="p1", **told)
    for ref in ("other goods", "no order"):
        make_order(other_shop, external_id=ref)
        OrderLine.objects.create(shop=other_shop, order_ref=ref, product_ref="p1", **told)
    fix = fix_record(actor=alice, shop=shop, action="sampling", products=FIXED, started_on=DAY)
    for ref in ("other goods", "no order"):
        with pytest.raises(FixRefusedError):
            sample_note(actor=alice, shop=shop, pk=fix.pk, order_ref=ref, is_good=True)


def test_an_offer_is_for_what_came_back_to_its_shop(
    shop: Shop, other_shop: Shop, alice: User
) -> None:
    case: dict[str, Any] = {"external_id": "c1", "kind": "exchange", "applied_at": START}
    for one, ref in ((other_shop, "theirs"), (other_shop, "both"), (shop, "both")):
        AfterSaleCase.objects.create(
            shop=one, order_ref=ref, as_of=START, **case | {"external_id": ref}
        )
    WinBackOffer.objects.create(
        shop=other_shop, order_ref="both", offer="coupon", offered_on=DAY, version=7
    )
    here: dict[str, Any] = {"actor": alice, "shop": shop, "offer": "coupon"}
    with pytest.raises(OfferRefusedError):
        offer_note(**here, order_ref="theirs", version=0)
    offered = offer_note(**here, order_ref="both", version=0)
    assert (offered.shop, offered.version) == (shop, 1)


def test_the_night_of_a_shop_replaces_what_was_found_of_it_alone(
    shop: Shop, other_shop: Shop
) -> None:
    for number, one in enumerate((shop, other_shop)):
        lay_chance(one, DAY, Random(number))
    found_in_the_night(shop, other_shop)
    kept = [
        FindingSet.objects.filter(shop=other_shop),
        ReturnSumsRow.objects.filter(shop=other_shop),
    ]
    before = [set(rows.values_list("pk", flat=True)) for rows in kept]
    assert all(before)
    found_in_the_night(shop)
    assert [set(rows.values_list("pk", flat=True)) for rows in kept] == before
