"""A small market: enough facts of every kind for every shop to get a total."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from random import Random

from aftersales.models import AfterSaleCase
from shopguard.lib.days import at_hour, days_between, shanghai_day
from stores.models import Complaint, Consultation, Order, Review, Shop, Touch

INDUSTRIES = ("womens_clothing", "home")
DAYS = 90


def market_build(*, shops: int, last: date, days: int = DAYS, seed: int = 7) -> list[Shop]:
    """Shops of two industries in turn with facts on the ``days`` days up to ``last``, touched."""
    random = Random(seed)
    since = at_hour(last - timedelta(days=days), 0)
    made = Shop.objects.bulk_create(
        Shop(
            external_id=f"shop-{number}",
            name=f"店铺 {number}",
            industry=INDUSTRIES[number % len(INDUSTRIES)],
            as_of=since,
        )
        for number in range(shops)
    )
    span = days_between(last - timedelta(days=days - 1), last)
    for shop in made:
        _facts(shop, span, random)
    touch_everything(made, span)
    return made


def touch_everything(shops: Sequence[Shop], span: Sequence[date]) -> None:
    """What an import of the facts would have left behind."""
    Touch.objects.bulk_create(Touch(shop=shop, day=day) for shop in shops for day in span)


def order_add(shop: Shop, *, name: str, placed: datetime, random: Random) -> Order:
    """One more order, touching its days, as a late file would bring it."""
    order = _order(shop, name, placed, random)
    order.save()
    for at in (order.signed_at, order.ship_by):
        Touch.objects.create(shop=shop, day=shanghai_day(at))
    return order


def _facts(shop: Shop, span: Sequence[date], random: Random) -> None:
    orders = [
        _order(shop, f"{day:%m%d}-{number}", at_hour(day, 9 + number), random)
        for day in span
        for number in range(2)
    ]
    Order.objects.bulk_create(orders)
    Review.objects.bulk_create(_reviews(shop, orders, random))
    AfterSaleCase.objects.bulk_create(_cases(shop, orders, random))
    Complaint.objects.bulk_create(
        Complaint(
            shop=shop,
            external_id=f"t{order.external_id}",
            order_ref=order.external_id,
            opened_at=order.signed_at,
            as_of=order.as_of,
        )
        for order in random.sample(orders, 2)
    )
    Consultation.objects.bulk_create(
        Consultation(
            shop=shop,
            external_id=f"c{order.external_id}",
            started_at=order.placed_at,
            started_by="buyer",
            first_reply_seconds=random.randrange(400),
            as_of=order.as_of,
        )
        for order in orders[::2]
    )


def _order(shop: Shop, name: str, placed: datetime, random: Random) -> Order:
    shipped = placed + timedelta(hours=random.randrange(4, 60))
    return Order(
        shop=shop,
        external_id=name,
        placed_at=placed,
        paid_at=placed,
        shipped_at=shipped,
        signed_at=shipped + timedelta(hours=random.randrange(20, 90)),
        ship_by=placed + timedelta(hours=48),
        order_paid=random.randrange(2_000, 40_000),
        as_of=placed,
    )


def _reviews(shop: Shop, orders: Sequence[Order], random: Random) -> Iterator[Review]:
    for order in orders[::3]:
        yield Review(
            shop=shop,
            external_id=f"r{order.external_id}",
            order_ref=order.external_id,
            rating=random.choice((3, 4, 5, 5, 5)),
            created_at=order.signed_at,
            as_of=order.as_of,
        )


def _cases(shop: Shop, orders: Sequence[Order], random: Random) -> Iterator[AfterSaleCase]:
    kinds = ("refund_shipped", "return_refund")
    for place, order in enumerate(orders[::6]):
        yield AfterSaleCase(
            shop=shop,
            external_id=f"a{order.external_id}",
            order_ref=order.external_id,
            kind=kinds[place % 2],
            reason=random.choice(("质量问题", "多拍/拍错/不想要")),
            applied_at=order.signed_at,
            closed_at=order.signed_at + timedelta(hours=random.randrange(1, 90)),
            outcome="completed",
            as_of=order.as_of,
        )
