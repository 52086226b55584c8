"""What covers, claims and statements say of a shop is the same beside one of the same ids."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from django.db.models import F

from aftersales.models import AfterSaleCase
from freightins.cover_slot import told
from freightins.models import Claim, Cover, Enrolment, ProductSale, StatementLine
from freightins.money_slot import money
from freightins.rules import fee_sets
from freightins.selectors.covering import cases_claiming, lines_of, orders_undecided
from freightins.selectors.outlooks import returning
from freightins.selectors.signal_facts import claims_returned
from freightins.selectors.statement_facts import orders_known, payouts_told, statement_facts
from freightins.selectors.windows import windows_counted
from freightins.services.product_sales import sales_count
from shopguard.lib.days import at_hour
from stores.models import Order, Parcel, Product, Shop
from tests.factories import START, fill
from tests.freight.test_sale_days import TODAY, lay_chance

pytestmark = pytest.mark.django_db
NOW = at_hour(TODAY, 12)
FIRST = date(2024, 1, 1)
REFS = {f"o{number}" for number in range(60)}


def lay(shop: Shop, seed: int) -> None:
    """Orders and all that follows them, by chance, some of them without a verdict."""
    random = Random(seed)
    lay_chance(shop, random)
    fill(Enrolment, "x", shop=shop, closed_at=None)
    Order.objects.filter(shop=shop, external_id__in=random.sample(sorted(REFS), 10)).delete()
    Cover.objects.filter(shop=shop, reason="").update(
        from_at=F("placed_at"), to_at=F("placed_at") + timedelta(days=60)
    )
    for order in Order.objects.filter(shop=shop):
        order.province = random.choice(["浙江", "四川", ""])
        order.save()
    for product in ("p1", "p2", "p3"):
        Product.objects.create(
            shop=shop, external_id=product, as_of=START, net_weight_grams=random.randrange(900),
            category=random.choice("abc"),
        )  # fmt: skip
    for claim in Claim.objects.filter(shop=shop):
        cases = AfterSaleCase.objects.filter(shop=shop, order_ref=claim.order_ref)
        claim.case_ref = f"{claim.order_ref}-0"
        claim.paid_at, claim.expected = NOW - timedelta(days=random.randrange(40)), 5
        claim.save()
        cases.update(return_tracking_no=f"t{random.randrange(9)}", carrier_cost=random.randrange(9))
    for ref in sorted(REFS):
        if random.random() < 0.5:
            Parcel.objects.create(
                shop=shop, external_id=ref, order_ref=ref, weight_grams=random.randrange(900),
                signed_at=random.choice([None, NOW]), as_of=START,
            )  # fmt: skip
        if random.random() < 0.5:
            fill(
                StatementLine, "x", shop=shop, order_ref=ref, amount=random.randrange(900),
                entry=random.choice(["fee", "payout"]),
                settled_at=NOW - timedelta(days=random.randrange(40)),
            )  # fmt: skip


def said(shop: Shop) -> dict[str, Any]:
    """Everything, when this shop alone is asked about."""
    sales_count(shop_ids=[shop.pk], day=TODAY)
    until, span = NOW, (FIRST, TODAY)
    undecided = list(orders_undecided(shop_id=shop.pk, since=at_hour(FIRST, 0), until=until))
    sales = ProductSale.objects.filter(shop=shop).order_by("product_ref")
    return {
        "statement": statement_facts(shop.pk),
        "payouts": payouts_told(shop.pk),
        "known": orders_known(shop_id=shop.pk, refs=REFS),
        "returned": claims_returned(shop_id=shop.pk, now=NOW),
        "undecided": undecided,
        "lines": lines_of(shop_id=shop.pk, orders=list(Order.objects.filter(shop=shop))),
        "claiming": list(cases_claiming(shop_id=shop.pk, until=until)),
        "money": money(shop, *span),
        "told": [told(shop, ref) for ref in sorted(REFS)],
        "returning": returning([shop.pk], TODAY, span),
        "sales": list(sales.values_list("product_ref", "orders", "returns")),
    }


@pytest.mark.parametrize("seed", range(2))
def test_nothing_changes_beside_a_namesake(shop: Shop, other_shop: Shop, seed: int) -> None:
    lay(shop, seed)
    alone = said(shop)
    assert [name for name, answer in alone.items() if not answer] == []
    lay(other_shop, seed + 100)
    ProductSale.objects.create(shop=other_shop, product_ref="kept", orders=1, returns=0)
    for name, answer in said(shop).items():
        assert answer == alone[name], name
    assert ProductSale.objects.filter(shop=other_shop).count() == 1


def test_shops_counted_together_are_counted_apart(shop: Shop, other_shop: Shop) -> None:
    for number, one in enumerate((shop, other_shop)):
        lay(one, number)
    rules = fee_sets()[-1]
    alone, together = (
        windows_counted(shops, rules, FIRST, TODAY) for shops in ([shop], [shop, other_shop])
    )
    assert list(together.loc[shop.pk]) == list(alone.loc[shop.pk])
    sales = ProductSale.objects.filter(shop=shop).order_by("product_ref").values_list("returns")
    sales_count(shop_ids=[shop.pk], day=TODAY)
    before = list(sales.all())
    sales_count(shop_ids=[shop.pk, other_shop.pk], day=TODAY)
    assert list(sales.all()) == before


def test_a_shop_that_never_opened_cover_has_none(shop: Shop, other_shop: Shop) -> None:
    lay(other_shop, 3)
    assert told(shop, "o1") is None
    assert money(shop, FIRST, TODAY) is None
    assert payouts_told(shop.pk) is None
