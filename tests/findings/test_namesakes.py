"""What came back to a shop is counted the same beside a shop whose records bear the same ids."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from aftersales.models import AfterSaleCase, Fix, ReturnLoyalty, WinBackOffer
from aftersales.rules import diagnostic_rules_on
from aftersales.selectors.around_returns import days_around
from aftersales.selectors.finding_lines import lines_back, lines_returned, lines_sold
from aftersales.selectors.fix_counts import sold_around
from aftersales.selectors.loyalty_counts import loyalty_counts
from aftersales.services.win_back import loyalty_keep
from shopguard.lib.days import at_hour
from stores.models import Complaint, Consultation, Order, OrderLine, Parcel, Product, Shop
from tests.factories import START

pytestmark = pytest.mark.django_db
DAY = date(2024, 3, 1)
WINDOW = 90
RULES = diagnostic_rules_on(DAY)
FIXED = ["p1"]


def lay_chance(shop: Shop, random: Random) -> None:
    """Orders of five months with all that was said and done about them, by chance."""
    known: dict[str, Any] = {"shop": shop, "as_of": START}
    for ref in ("p1", "p2", "p3"):
        Product.objects.create(**known, external_id=ref, category=random.choice(["a", "b", "c"]))
    for number in range(80):
        key = f"o{number}"
        placed = at_hour(DAY, 9) - timedelta(minutes=random.randrange(5, 150 * 1440))
        signed = placed + timedelta(days=random.randrange(1, 9))
        Order.objects.create(
            **known, external_id=key, placed_at=placed, paid_at=placed, signed_at=signed,
            buyer_ref=random.choice(["", "x", "y", "z"]), order_paid=random.randrange(9000),
            province=random.choice(["浙江", "四川"]),
        )  # fmt: skip
        for line in range(1, random.randint(2, 3)):
            OrderLine.objects.create(
                **known, order_ref=key, line_no=line, quantity=1, line_paid=random.randrange(9000),
                product_ref=random.choice(["p1", "p2", "p3"]), sku=random.choice("st"),
            )  # fmt: skip
        lay_talk(known, key, signed, random)


def lay_talk(known: dict[str, Any], key: str, signed: Any, random: Random) -> None:
    """Parcels, questions, cases, complaints and offers about an order."""
    told = known | {"order_ref": key}
    for place in range(random.randrange(3)):
        at = signed - timedelta(hours=random.randrange(30))
        Parcel.objects.create(
            **told, external_id=f"{key}-{place}", courier=random.choice("jkl"), shipped_at=at
        )
        Consultation.objects.create(
            **told, external_id=f"{key}-{place}", started_by="buyer", started_at=at,
            first_reply_seconds=random.randrange(900),
        )  # fmt: skip
    if random.random() < 0.5:
        applied = signed + timedelta(hours=random.randrange(200))
        AfterSaleCase.objects.create(
            **told, external_id=key, line_no=random.choice([None, 1]), kind="return_refund",
            outcome="completed", reason=random.choice(["质量问题", "不想要"]), applied_at=applied,
            closed_at=applied + timedelta(hours=random.randrange(90)),
            refunded=random.randrange(9000), carrier_cost=random.randrange(900),
        )  # fmt: skip
    if random.random() < 0.3:
        Complaint.objects.create(**told, external_id=key, opened_at=signed)
    if random.random() < 0.5:
        WinBackOffer.objects.create(
            shop=known["shop"], order_ref=key, offer="coupon", offered_on=DAY
        )


def counted(shop: Shop) -> dict[str, Any]:
    """All that the night counts of a shop when it is asked for this one."""
    frames = {
        read.__name__: read(shop_ids=[shop.pk], day=DAY, window_days=WINDOW)
        for read in (lines_sold, lines_back, lines_returned)
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
    lay_chance(shop, Random(seed))
    alone = counted(shop)
    assert all(alone.values())
    lay_chance(other_shop, Random(seed + 100))
    assert counted(shop) == alone


def test_who_came_again_is_kept_shop_by_shop(shop: Shop, other_shop: Shop) -> None:
    for number, one in enumerate((shop, other_shop)):
        lay_chance(one, Random(number))
        loyalty_keep(shop_ids=[one.pk], day=DAY + timedelta(days=number))
    kept = dict(ReturnLoyalty.objects.values_list("shop", "date"))
    assert kept == {shop.pk: DAY, other_shop.pk: DAY + timedelta(days=1)}
    loyalty_keep(shop_ids=[shop.pk], day=DAY)
    assert dict(ReturnLoyalty.objects.values_list("shop", "date")) == kept
