"""The lines behind a number, found by the database, are those the night counts for it."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

import numpy as np
import pytest
from django.db import connection

from aftersales.calc.evidence import DAYS_AFTER, REASON
from aftersales.calc.lines import UNKNOWN, Lines, lines_by_shop
from aftersales.calc.return_sums import APPLIED, BASES, SIGNED
from aftersales.findings import cuts
from aftersales.models import AfterSaleCase
from aftersales.rules import finding_rules_on
from aftersales.selectors.cuts_page import SHOWN
from aftersales.selectors.finding_lines import (
    lines_bought,
    lines_returned,
    lines_signed,
    lines_sold,
)
from aftersales.selectors.return_basis import FIRST, NEWEST, Basis
from aftersales.selectors.return_keys import ALL, DAY, Wanted, line_keys
from shopguard.lib.days import at_hour
from stores.models import Consultation, Order, OrderLine, Parcel, Product, Shop
from tests.factories import make_shop

pytestmark = pytest.mark.django_db
TODAY = date(2024, 3, 1)
RULES = finding_rules_on(TODAY)
FIRST_DAY = TODAY - timedelta(days=RULES.window_days - 1)
ORDERS = 200
REASONS = ("", "质量问题", "不想要", "发错货")
STRANGE = ("", "x", "07", "0-50 ", "9999", "-1", "no", "never")


def some_shop(name: str, seed: int) -> Shop:
    """Orders round the window with lines, cases, parcels and questions of every kind."""
    chance, shop = Random(seed), make_shop(name)
    orders, lines, cases, parcels, asked = [], [], [], [], []
    for number in range(ORDERS):
        order = _order(shop, number, chance)
        orders.append(order)
        for line_no in range(1, chance.choice((1, 1, 2)) + 1):
            lines.append(_line(order, line_no, chance))
        cases += [_case(order, at, chance) for at in range(chance.choice((0, 1, 1, 2)))]
        for at in range(chance.choice((0, 1, 2))):
            sent = chance.choice((None, order.placed_at + timedelta(hours=chance.randrange(3))))
            parcels.append(
                Parcel(
                    shop=shop, external_id=f"{number}.{at}", order_ref=order.external_id,
                    courier=chance.choice(("", "顺丰", "圆通")), shipped_at=sent,
                    as_of=order.as_of,
                )
            )  # fmt: skip
            asked.append(
                Consultation(
                    shop=shop, external_id=f"{number}.{at}", order_ref=order.external_id,
                    started_at=order.placed_at + timedelta(hours=chance.randrange(3)),
                    first_reply_seconds=chance.choice((None, 0, 59, 60, 200, 700)),
                    started_by="buyer", as_of=order.as_of,
                )
            )  # fmt: skip
    Order.objects.bulk_create(orders)
    OrderLine.objects.bulk_create(lines)
    AfterSaleCase.objects.bulk_create(cases)
    Parcel.objects.bulk_create(parcels)
    Consultation.objects.bulk_create(asked)
    Product.objects.bulk_create(
        Product(shop=shop, external_id=ref, category=category, as_of=at_hour(TODAY, 12))
        for ref, category in (("p1", "上衣"), ("p2", ""))
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return shop


def _day(chance: Random) -> date:
    near = chance.choice((FIRST_DAY, TODAY, FIRST_DAY + timedelta(days=4)))
    return near + timedelta(days=chance.randrange(-2, 3))


def _instant(chance: Random) -> datetime:
    return at_hour(_day(chance), 0) + timedelta(minutes=chance.choice((0, 1, 959, 1439)))


def _order(shop: Shop, number: int, chance: Random) -> Order:
    placed = _instant(chance)
    return Order(
        shop=shop, external_id=f"o{number}", placed_at=placed, as_of=placed,
        is_cod=chance.random() < 0.2, paid_at=chance.choice((None, placed, _instant(chance))),
        signed_at=chance.choice((None, _instant(chance), _instant(chance))),
        channel=chance.choice(("normal", "live")), is_promotion=chance.random() < 0.3,
        province=chance.choice(("", "浙江省", "广东省")),
    )  # fmt: skip


def _line(order: Order, line_no: int, chance: Random) -> OrderLine:
    return OrderLine(
        shop=order.shop, order_ref=order.external_id, line_no=line_no, as_of=order.as_of,
        product_ref=chance.choice(("", "p1", "p2", "p3")), sku=chance.choice(("", "k1", "0101")),
        spec=chance.choice(("", "红/M", "a,\"b\"\nc")), quantity=chance.choice((None, 0, 1, 3)),
        line_paid=chance.choice((None, 0, 4999, 5000, 14_999, 15_000, 100_000, 250_000)),
    )  # fmt: skip


def _case(order: Order, at: int, chance: Random) -> AfterSaleCase:
    return AfterSaleCase(
        shop=order.shop, external_id=f"{order.external_id}.{at}", order_ref=order.external_id,
        line_no=chance.choice((None, 1, 2)), as_of=order.as_of,
        kind=chance.choice((*["return_refund", "exchange"] * 3, "freight_only")),
        outcome=chance.choice((*["open", "completed"] * 3, "cancelled")),
        reason=chance.choice(REASONS), latest_reason=chance.choice(REASONS),
        applied_at=_instant(chance),
    )  # fmt: skip


def counted(shop: Shop, basis: Basis) -> Lines:
    """The lines that came back as the night reads them."""
    if basis.day == APPLIED:
        frame = lines_returned(shop_ids=[shop.pk], day=TODAY, window_days=RULES.window_days)
    else:
        sold = lines_sold(shop_ids=[shop.pk], day=TODAY, window_days=RULES.window_days)
        sold = sold[sold["applied"] != UNKNOWN]
        frame = lines_signed(sold) if basis.day == SIGNED else lines_bought(sold)
    [(_shop, lines)] = lines_by_shop(frame)
    return lines


def values(lines: Lines) -> Iterator[tuple[str, str, np.ndarray]]:
    """Every value there is with its lines, by the code that counts them."""
    yield ALL, "", lines.returned
    for name in SHOWN:
        if name == DAYS_AFTER:
            for days in {-1, 0, 9, *lines.days_to_apply.tolist()}:
                yield name, str(days), (lines.days_to_apply == days) & (days >= 0)
            continue
        coded = cuts()[name].coded(lines, RULES)
        for place, value in enumerate(coded.values):
            yield name, str(value), coded.codes == place
        for value in set(STRANGE) - {str(value) for value in coded.values}:
            yield name, value, coded.codes == UNKNOWN - 1
    for reason in (*REASONS, "x"):
        yield REASON, reason, lines.labels[REASON][lines.texts[REASON]] == reason
    for day in {-1, 0, RULES.window_days, *lines.numbers["day"].tolist()}:
        of_day = (lines.numbers["day"] == day) & (day >= 0)
        yield DAY, (FIRST_DAY + timedelta(days=day)).isoformat(), of_day


@pytest.mark.parametrize("day", BASES)
def test_the_lines_of_every_value_are_those_the_night_counts(day: str) -> None:
    shop = some_shop("plum", 1)
    some_shop("peach", 2)
    basis = Basis(day, SIGNED)
    lines = counted(shop, basis)
    wrong = []
    for by, value, inside in values(lines):
        found = line_keys(shop=shop, wanted=Wanted(by, value, "", basis), day=TODAY)
        if found != sorted(lines.numbers["line"][inside].tolist(), reverse=True):
            wrong.append((by, value))
    assert wrong == []
    assert lines.count > 30


@pytest.mark.parametrize("reason", [FIRST, NEWEST])
@pytest.mark.parametrize("day", BASES)
def test_only_quality_is_by_the_reason_that_is_asked_for(day: str, reason: str) -> None:
    shop = some_shop("plum", 3)
    basis = Basis(day, SIGNED, reason)
    lines = counted(shop, basis)
    is_quality = lines.numbers["is_quality" if reason == FIRST else "latest_quality"] == 1
    for by, value, inside in values(lines):
        if by in (ALL, "sku", REASON):
            wanted = Wanted(by, value, "quality", basis)
            found = line_keys(shop=shop, wanted=wanted, day=TODAY)
            expected = lines.numbers["line"][inside & is_quality]
            assert found == sorted(expected.tolist(), reverse=True), (by, value)
    assert 5 < is_quality.sum() < lines.returned.sum()
