"""What the week sums up in the database is what counting case by case gives."""

from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest

from aftersales.models import AfterSaleCase
from aftersales.selectors.week_cases import ProductRow, products_of_week, reasons_of_days
from shopguard.lib.days import at_hour, shanghai_day
from stores.models import OrderLine, Product, Review, Shop
from tests.factories import make_shop

pytestmark = pytest.mark.django_db
LAST = date(2024, 3, 1)
FIRST = LAST - timedelta(days=6)
TARGET = 60
QUALITY = ("质量问题", "发错货")
REASONS = ("", "不想要", *QUALITY)
NOT_COUNTED = ("freight_only", "cancelled")


def lay(name: str, seed: int) -> Shop:
    """Orders of one and two lines, some without a product, with cases round the week."""
    chance, shop, now = Random(seed), make_shop(name), at_hour(LAST, 12)
    for number in range(60):
        order = f"o{number}"
        for line_no in range(1, chance.choice((1, 2)) + 1):
            OrderLine.objects.create(
                shop=shop, order_ref=order, line_no=line_no, as_of=now,
                product_ref=chance.choice(("", "p1", "p2", "P3", "质", "p4")),
            )  # fmt: skip
        at = at_hour(FIRST + timedelta(days=chance.randrange(-1, 8)), chance.choice((0, 12, 23)))
        AfterSaleCase.objects.create(
            shop=shop, external_id=f"c{number}", order_ref=order, applied_at=at, as_of=now,
            line_no=chance.choice((None, 1, 2)), reason=chance.choice(REASONS),
            kind=chance.choice(("return_refund", "exchange", "freight_only")),
            outcome=chance.choice(("open", "completed", "cancelled")),
            refunded=chance.choice((None, 0, 990)),
            first_reply_at=chance.choice((None, at, at + timedelta(minutes=TARGET + 1))),
        )  # fmt: skip
        Review.objects.create(
            shop=shop, external_id=f"r{number}", order_ref=order, created_at=at, as_of=now,
            rating=chance.choice((1, 3, 4)), product_ref=chance.choice(("p1", "p2")),
        )  # fmt: skip
    Product.objects.create(shop=shop, external_id="p1", title="毛衣", as_of=now)
    return shop


def cases_of(shop: Shop) -> list[AfterSaleCase]:
    return [
        case
        for case in AfterSaleCase.objects.for_shop(shop).order_by("pk")
        if FIRST <= shanghai_day(case.applied_at) <= LAST
        and not {case.kind, case.outcome} & set(NOT_COUNTED)
    ]


def product_of(shop: Shop, case: AfterSaleCase) -> str | None:
    """The product of the line it names, or of the only line of its order that has one."""
    lines = OrderLine.objects.for_shop(shop).filter(order_ref=case.order_ref)
    told = {line.line_no: line.product_ref for line in lines if line.product_ref}
    if case.line_no is not None:
        return told.get(case.line_no)
    return next(iter(told.values())) if len(told) == 1 else None


@pytest.fixture
def plum() -> Shop:
    """The shop, beside another with records of the same names."""
    plum = lay("plum", 1)
    lay("peach", 2)
    return plum


def test_products_are_those_of_the_cases_one_by_one(plum: Shop) -> None:
    returns: Counter[str] = Counter()
    quality: Counter[str] = Counter()
    fen: Counter[str] = Counter()
    for case in cases_of(plum):
        ref = product_of(plum, case)
        if ref is not None:
            returns[ref] += 1
            quality[ref] += case.reason in QUALITY
            fen[ref] += case.refunded or 0
    low = Counter(
        review.product_ref
        for review in Review.objects.for_shop(plum)
        if review.rating <= 3 and FIRST <= shanghai_day(review.created_at) <= LAST
    )
    top = sorted(returns, key=lambda ref: (-returns[ref], ref))[:4]
    titles = {"p1": "毛衣"}
    assert products_of_week(shop=plum, first=FIRST, last=LAST, quality=QUALITY, most=4) == [
        ProductRow(ref, titles.get(ref, ref), returns[ref], quality[ref], fen[ref], low[ref])
        for ref in top
    ]
    assert len(returns) > 4


def test_reasons_and_answers_are_those_of_the_cases_one_by_one(plum: Shop) -> None:
    cases = cases_of(plum)
    told = reasons_of_days(shop=plum, first=FIRST, last=LAST, target_minutes=TARGET)
    counts = Counter((shanghai_day(case.applied_at), case.reason) for case in cases)
    assert {(row.day, row.reason): row.count for row in told} == counts
    answered = [case for case in cases if case.first_reply_at == case.applied_at]
    assert sum(row.answered for row in told) == len(answered) > 0
    assert {row.first for row in told} <= {case.pk for case in cases}


def test_a_week_without_cases_has_no_products(plum: Shop) -> None:
    first, last = date(2020, 1, 1), date(2020, 1, 7)
    assert reasons_of_days(shop=plum, first=first, last=last, target_minutes=TARGET) == []
    assert products_of_week(shop=plum, first=first, last=last, quality=(), most=4) == []
