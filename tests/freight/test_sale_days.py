"""Orders counted by day, product and cover are what counting them one by one gives."""

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from aftersales.models import AfterSaleCase
from freightins.models import Claim, Cover, SaleDay
from freightins.rules import worth_rules_on
from freightins.services.sale_days import sale_days_count
from shopguard.lib.days import at_hour, shanghai_day
from stores.models import Complaint, Consultation, Order, OrderLine, Review, Shop
from tests.factories import START
from tests.freight.laying import finished_run, shop_named

TODAY = date(2024, 3, 1)
RULES = worth_rules_on(TODAY)
SUMS = (
    "orders",
    "returns",
    "promotions",
    "promoted_returns",
    "items",
    "priced",
    "fen",
    "silent",
    "reviews",
    "bad_reviews",
    "disputes",
    "known_returners",
    "came_again",
    "claims",
    "fees",
    "payouts",
)
OUTCOMES = ("open", "completed", "cancelled", "rejected", "closed")


def lay_chance(shop: Shop, random: Random) -> None:
    """Orders, lines and everything that can be said about them, by chance."""
    for number in range(60):
        key = f"o{number}"
        bought = datetime(2024, 1, 20, tzinfo=UTC) + timedelta(minutes=random.randrange(45 * 1440))
        shipped = random.choice([None, bought + timedelta(days=1)])
        Order.objects.create(
            shop=shop,
            external_id=key,
            as_of=START,
            placed_at=bought - timedelta(hours=30),
            paid_at=bought,
            shipped_at=shipped,
            is_promotion=random.random() < 0.4,
            cancelled_at=random.choice([None, None, bought + timedelta(hours=5)]),
            order_paid=random.choice([None, 9900]),
            buyer_ref=random.choice(["", "x", "y", "z"]),
        )
        for line in range(1, random.randint(1, 4)):
            OrderLine.objects.create(
                shop=shop,
                order_ref=key,
                line_no=line,
                as_of=START,
                quantity=random.choice([None, 1, 2]),
                product_ref=random.choice(["", "p1", "p2", "p3"]),
                line_paid=random.choice([None, 3300]),
            )
        lay_cases(shop, key, bought, random)
        lay_cover(shop, key, bought, random)
        lay_talk(shop, key, bought, random)


def lay_cases(shop: Shop, key: str, bought: datetime, random: Random) -> None:
    """What came back of an order, or nearly did."""
    for case in range(random.randrange(3)):
        AfterSaleCase.objects.create(
            shop=shop,
            external_id=f"{key}-{case}",
            order_ref=key,
            as_of=START,
            line_no=random.choice([None, 1, 2]),
            outcome=random.choice(OUTCOMES),
            kind=random.choice(["return_refund", "exchange", "freight_only", "refund_shipped"]),
            applied_at=bought + timedelta(days=random.randrange(20)),
            refunded=random.choice([None, 0, 100]),
        )


def lay_cover(shop: Shop, key: str, bought: datetime, random: Random) -> None:
    """Whether an order was covered, and what was claimed."""
    if random.random() < 0.5:
        reason = random.choice(["", "", "not_chosen", "fraud_risk"])
        fee = random.choice([None, 165]) if not reason else None
        Cover.objects.create(shop=shop, order_ref=key, placed_at=bought, reason=reason, fee=fee)
        if not reason and random.random() < 0.5:
            state, amount = random.choice([("paid", 701), ("opened", None), ("rejected", None)])
            Claim.objects.create(
                shop=shop,
                order_ref=key,
                case_ref="c",
                opened_at=bought,
                state=state,
                amount=amount,
            )


def lay_talk(shop: Shop, key: str, bought: datetime, random: Random) -> None:
    """What the buyer of an order said and asked."""
    for place in range(random.randrange(3)):
        Review.objects.create(
            shop=shop,
            external_id=f"{key}-{place}",
            order_ref=key,
            as_of=START,
            created_at=bought,
            rating=random.randint(1, 5),
            product_ref=random.choice(["", "p1", "p2"]),
        )
    if random.random() < 0.3:
        Consultation.objects.create(
            shop=shop,
            external_id=key,
            as_of=START,
            started_at=bought,
            started_by="buyer",
            order_ref=key,
        )
    if random.random() < 0.2:
        Complaint.objects.create(
            shop=shop,
            external_id=key,
            as_of=START,
            opened_at=bought,
            order_ref=key,
            topic=random.choice(["return_freight", "quality"]),
        )


def counted(shop: Shop) -> dict[tuple[str, date, str], Counter[str]]:
    """The same told a second way: order by order."""
    found: defaultdict[tuple[str, date, str], Counter[str]] = defaultdict(Counter)
    for order in Order.objects.filter(shop=shop):
        assert order.paid_at is not None
        day, stopped = shanghai_day(order.paid_at), order.cancelled_at
        if (stopped and (order.shipped_at is None or order.shipped_at > stopped)) or day >= TODAY:
            continue
        cover = Cover.objects.filter(shop=shop, order_ref=order.external_id).first()
        verdict = {"": "on", "not_chosen": "off"}.get(cover.reason, "") if cover else ""
        lines = list(OrderLine.objects.filter(shop=shop, order_ref=order.external_id))
        products = sorted({line.product_ref for line in lines} - {""})
        for product in ("", *products):
            parts = 1 if not product else len(products)
            place = 0 if not product else products.index(product)
            mine = [line for line in lines if product in ("", line.product_ref)]
            row = found[product, day, verdict]
            row.update(of_unit(order, product, mine))
            fee = (cover.fee or 0) if cover and not cover.reason else 0
            row["fees"] += fee // parts + (place < fee % parts)
            claim = Claim.objects.filter(shop=shop, order_ref=order.external_id).first()
            paid = (claim.amount or 0) if claim and claim.state == "paid" else 0
            row["payouts"] += paid // parts + (place < paid % parts)
            row["claims"] += claim is not None
    return found


def of_unit(order: Order, product: str, lines: list[OrderLine]) -> Counter[str]:
    """What an order says of the whole shop, or of one of its products."""
    shop, key = order.shop, order.external_id
    told = [line.line_paid for line in lines if line.line_paid is not None]
    fen = order.order_paid if not product and order.order_paid is not None else None
    fen = fen if fen is not None else (sum(told) if told else None)
    reviews = [
        review
        for review in Review.objects.filter(shop=shop, order_ref=key)
        if not product or review.product_ref in ("", product)
    ]
    at = came_back(order, product, lines)
    row = Counter(
        orders=1,
        promotions=int(order.is_promotion),
        priced=int(fen is not None),
        fen=fen or 0,
        items=sum(1 if line.quantity is None else line.quantity for line in lines) if lines else 1,
        silent=int(not Consultation.objects.filter(shop=shop, order_ref=key).exists()),
        reviews=len(reviews),
        bad_reviews=sum(review.rating <= 3 for review in reviews),
        disputes=int(
            Complaint.objects.filter(shop=shop, order_ref=key, topic="return_freight").exists()
            or AfterSaleCase.objects.filter(shop=shop, order_ref=key, kind="freight_only").exists()
        ),
    )
    if at is None:
        return row
    row.update(returns=1, promoted_returns=int(order.is_promotion))
    month = timedelta(days=RULES.again_days)
    if order.buyer_ref and at <= at_hour(TODAY, 0) - month:
        row["known_returners"] = 1
        row["came_again"] = int(came_again(order, month))
    return row


def good_cases(order: Order) -> list[AfterSaleCase]:
    cases = AfterSaleCase.objects.filter(
        shop=order.shop, order_ref=order.external_id, kind__in=("return_refund", "exchange")
    )
    return [
        case
        for case in cases
        if case.outcome in ("open", "completed") or (case.outcome == "closed" and case.refunded)
    ]


def came_back(order: Order, product: str, lines: list[OrderLine]) -> datetime | None:
    numbers = {None, *(line.line_no for line in lines)}
    times = [c.applied_at for c in good_cases(order) if not product or c.line_no in numbers]
    return min(times, default=None)


def came_again(order: Order, month: timedelta) -> bool:
    others = Order.objects.filter(shop=order.shop, buyer_ref=order.buyer_ref)
    return any(
        case.applied_at < (other.paid_at or START) <= case.applied_at + month
        for case in good_cases(order)
        for other in others
    )


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(3))
def test_days_are_what_counting_order_by_order_gives(seed: int) -> None:
    shop, twin = shop_named("plum"), shop_named("twin")
    lay_chance(shop, Random(seed))
    lay_chance(twin, Random(seed + 100))
    run = finished_run(TODAY)
    for _ in range(2):
        sale_days_count(run_id=run.pk, shop_ids=[shop.pk, twin.pk], now=at_hour(TODAY, 1))
    for one in (shop, twin):
        rows = SaleDay.objects.filter(shop=one)
        found = {
            (row.product_ref, row.day, row.cover): {name: getattr(row, name) for name in SUMS}
            for row in rows
        }
        expected = {
            key: {name: counts[name] for name in SUMS} for key, counts in counted(one).items()
        }
        assert found == expected


@pytest.mark.django_db
def test_fees_and_payouts_of_products_add_up_to_those_of_the_shop() -> None:
    shop = shop_named("plum")
    lay_chance(shop, Random(42))
    OrderLine.objects.filter(product_ref="").update(product_ref="p4")
    bare = Order.objects.exclude(external_id__in=OrderLine.objects.values("order_ref"))
    bare.delete()
    sale_days_count(run_id=finished_run(TODAY).pk, shop_ids=[shop.pk], now=at_hour(TODAY, 1))
    rows = SaleDay.objects.filter(shop=shop)
    for name in ("fees", "payouts"):
        whole = sum(getattr(row, name) for row in rows if not row.product_ref)
        assert whole == sum(getattr(row, name) for row in rows if row.product_ref)


@pytest.mark.django_db
def test_a_past_date_computed_again_counts_nothing() -> None:
    shop = shop_named("plum")
    lay_chance(shop, Random(1))
    run = finished_run(TODAY - timedelta(days=1))
    sale_days_count(run_id=run.pk, shop_ids=[shop.pk], now=at_hour(TODAY, 1))
    assert not SaleDay.objects.exists()
