"""Five months of orders of a shop and all that was said and done about them, by chance."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from aftersales.models import AfterSaleCase, CaseEvent, WinBackOffer
from shopguard.lib.days import at_hour
from stores.models import Complaint, Consultation, Order, OrderLine, Parcel, Product, Review, Shop
from tests.factories import START

PRODUCTS = ("p1", "p2", "p3")


def lay_chance(shop: Shop, day: date, random: Random, *, orders: int = 80) -> None:
    """Orders up to a day. Their ids are the same for every shop, everything else is not."""
    known: dict[str, Any] = {"shop": shop, "as_of": START}
    for ref in PRODUCTS:
        category, title = random.choice(["a", "b", "c"]), _text(random)
        Product.objects.create(**known, external_id=ref, category=category, title=title)
    for number in range(orders):
        placed = at_hour(day, 9) - timedelta(minutes=random.randrange(5, 150 * 1440))
        if number % 4 == 0:
            placed = at_hour(day, 9) - timedelta(minutes=random.randrange(5, 15 * 1440))
        _order(known, f"o{number}", placed, random)


def _order(known: dict[str, Any], key: str, placed: datetime, random: Random) -> None:
    due = placed + timedelta(hours=random.randrange(24, 200))
    signed = due if random.random() < 0.8 else None
    Order.objects.create(
        **known, external_id=key, placed_at=placed, paid_at=placed, signed_at=signed,
        buyer_ref=random.choice(["", "x", "y", "z"]), order_paid=random.randrange(9000),
        province=random.choice(["浙江", "四川"]), ship_by=due,
    )  # fmt: skip
    for line in range(1, random.randint(2, 3)):
        OrderLine.objects.create(
            **known, order_ref=key, line_no=line, quantity=1, line_paid=random.randrange(9000),
            product_ref=random.choice(PRODUCTS), sku=random.choice("st"),
        )  # fmt: skip
    told = known | {"order_ref": key}
    _talk(told, key, due, random, parcel="signed" if signed else "in_transit")
    if random.random() < 0.5:
        _case(told, key, due, random)
    if random.random() < 0.3:
        Complaint.objects.create(**told, external_id=key, opened_at=due)
    if random.random() < 0.5:
        WinBackOffer.objects.create(
            shop=known["shop"], order_ref=key, offer="coupon", offered_on=due.date()
        )


def _talk(told: dict[str, Any], key: str, due: datetime, random: Random, *, parcel: str) -> None:
    """Parcels, questions and reviews."""
    for place in range(random.randrange(3)):
        at, ref = due - timedelta(hours=random.randrange(90)), f"{key}-{place}"
        Parcel.objects.create(
            **told, external_id=ref, courier=random.choice("jkl"), shipped_at=at, status=parcel
        )
        if random.random() < 0.5:
            Consultation.objects.create(
                **told, external_id=ref, started_by="buyer", started_at=at, text=_text(random),
                first_reply_seconds=random.randrange(900),
            )  # fmt: skip
        if random.random() < 0.5:
            Review.objects.create(
                **told, external_id=ref, rating=random.randint(1, 5), text=_text(random),
                created_at=due, product_ref=random.choice(PRODUCTS),
            )  # fmt: skip


def _case(told: dict[str, Any], key: str, due: datetime, random: Random) -> None:
    """A case with a note."""
    applied = due + timedelta(hours=random.randrange(200))
    AfterSaleCase.objects.create(
        **told, external_id=key, line_no=random.choice([None, 1]), kind="return_refund",
        outcome="completed", reason=random.choice(["质量问题", "不想要"]), applied_at=applied,
        closed_at=applied + timedelta(hours=random.randrange(90)),
        refunded=random.randrange(9000), carrier_cost=random.randrange(900),
    )  # fmt: skip
    CaseEvent.objects.create(
        shop=told["shop"], case_ref=key, sequence=1, name="note", at=applied, state_to="review",
        note=_text(random),
    )  # fmt: skip


def _text(random: Random) -> str:
    return "".join(random.choices("短袖衬衫起球掉色开线", k=9))
